// conv weight grad depthwise 3x3
module @case {
  func.func @main(%x0: tensor<2x5x5x4xf32>, %x1: tensor<2x5x5x4xf32>) -> tensor<3x3x1x4xf32> {
    %0 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %1 = "stablehlo.pad"(%x0, %0) {
      edge_padding_high = array<i64: 0, 1, 1, 0>,
      edge_padding_low = array<i64: 0, 1, 1, 0>,
      interior_padding = array<i64: 0, 0, 0, 0>
    } : (tensor<2x5x5x4xf32>, tensor<f32>) -> tensor<2x7x7x4xf32>
    %2 = "stablehlo.slice"(%1) {
      limit_indices = array<i64: 2, 5, 5, 4>,
      start_indices = array<i64: 0, 0, 0, 0>,
      strides = array<i64: 1, 1, 1, 1>
    } : (tensor<2x7x7x4xf32>) -> tensor<2x5x5x4xf32>
    %3 = "stablehlo.multiply"(%2, %x1) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %4 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %6 = "stablehlo.reduce"(%3, %4) ({
      ^reductionFn(%arg2: tensor<f32>, %arg3: tensor<f32>) :
          %5 = "stablehlo.add"(%arg2, %arg3) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%5) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2> } : (tensor<2x5x5x4xf32>, tensor<f32>) -> tensor<4xf32>
    %7 = "stablehlo.slice"(%1) {
      limit_indices = array<i64: 2, 5, 6, 4>,
      start_indices = array<i64: 0, 0, 1, 0>,
      strides = array<i64: 1, 1, 1, 1>
    } : (tensor<2x7x7x4xf32>) -> tensor<2x5x5x4xf32>
    %8 = "stablehlo.multiply"(%7, %x1) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %9 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %11 = "stablehlo.reduce"(%8, %9) ({
      ^reductionFn(%arg4: tensor<f32>, %arg5: tensor<f32>) :
          %10 = "stablehlo.add"(%arg4, %arg5) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%10) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2> } : (tensor<2x5x5x4xf32>, tensor<f32>) -> tensor<4xf32>
    %12 = "stablehlo.slice"(%1) {
      limit_indices = array<i64: 2, 5, 7, 4>,
      start_indices = array<i64: 0, 0, 2, 0>,
      strides = array<i64: 1, 1, 1, 1>
    } : (tensor<2x7x7x4xf32>) -> tensor<2x5x5x4xf32>
    %13 = "stablehlo.multiply"(%12, %x1) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %14 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %16 = "stablehlo.reduce"(%13, %14) ({
      ^reductionFn(%arg6: tensor<f32>, %arg7: tensor<f32>) :
          %15 = "stablehlo.add"(%arg6, %arg7) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%15) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2> } : (tensor<2x5x5x4xf32>, tensor<f32>) -> tensor<4xf32>
    %17 = "stablehlo.slice"(%1) {
      limit_indices = array<i64: 2, 6, 5, 4>,
      start_indices = array<i64: 0, 1, 0, 0>,
      strides = array<i64: 1, 1, 1, 1>
    } : (tensor<2x7x7x4xf32>) -> tensor<2x5x5x4xf32>
    %18 = "stablehlo.multiply"(%17, %x1) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %19 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %21 = "stablehlo.reduce"(%18, %19) ({
      ^reductionFn(%arg8: tensor<f32>, %arg9: tensor<f32>) :
          %20 = "stablehlo.add"(%arg8, %arg9) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%20) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2> } : (tensor<2x5x5x4xf32>, tensor<f32>) -> tensor<4xf32>
    %22 = "stablehlo.slice"(%1) {
      limit_indices = array<i64: 2, 6, 6, 4>,
      start_indices = array<i64: 0, 1, 1, 0>,
      strides = array<i64: 1, 1, 1, 1>
    } : (tensor<2x7x7x4xf32>) -> tensor<2x5x5x4xf32>
    %23 = "stablehlo.multiply"(%22, %x1) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %24 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %26 = "stablehlo.reduce"(%23, %24) ({
      ^reductionFn(%arg10: tensor<f32>, %arg11: tensor<f32>) :
          %25 = "stablehlo.add"(%arg10, %arg11) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%25) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2> } : (tensor<2x5x5x4xf32>, tensor<f32>) -> tensor<4xf32>
    %27 = "stablehlo.slice"(%1) {
      limit_indices = array<i64: 2, 6, 7, 4>,
      start_indices = array<i64: 0, 1, 2, 0>,
      strides = array<i64: 1, 1, 1, 1>
    } : (tensor<2x7x7x4xf32>) -> tensor<2x5x5x4xf32>
    %28 = "stablehlo.multiply"(%27, %x1) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %29 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %31 = "stablehlo.reduce"(%28, %29) ({
      ^reductionFn(%arg12: tensor<f32>, %arg13: tensor<f32>) :
          %30 = "stablehlo.add"(%arg12, %arg13) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%30) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2> } : (tensor<2x5x5x4xf32>, tensor<f32>) -> tensor<4xf32>
    %32 = "stablehlo.slice"(%1) {
      limit_indices = array<i64: 2, 7, 5, 4>,
      start_indices = array<i64: 0, 2, 0, 0>,
      strides = array<i64: 1, 1, 1, 1>
    } : (tensor<2x7x7x4xf32>) -> tensor<2x5x5x4xf32>
    %33 = "stablehlo.multiply"(%32, %x1) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %34 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %36 = "stablehlo.reduce"(%33, %34) ({
      ^reductionFn(%arg14: tensor<f32>, %arg15: tensor<f32>) :
          %35 = "stablehlo.add"(%arg14, %arg15) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%35) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2> } : (tensor<2x5x5x4xf32>, tensor<f32>) -> tensor<4xf32>
    %37 = "stablehlo.slice"(%1) {
      limit_indices = array<i64: 2, 7, 6, 4>,
      start_indices = array<i64: 0, 2, 1, 0>,
      strides = array<i64: 1, 1, 1, 1>
    } : (tensor<2x7x7x4xf32>) -> tensor<2x5x5x4xf32>
    %38 = "stablehlo.multiply"(%37, %x1) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %39 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %41 = "stablehlo.reduce"(%38, %39) ({
      ^reductionFn(%arg16: tensor<f32>, %arg17: tensor<f32>) :
          %40 = "stablehlo.add"(%arg16, %arg17) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%40) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2> } : (tensor<2x5x5x4xf32>, tensor<f32>) -> tensor<4xf32>
    %42 = "stablehlo.slice"(%1) {
      limit_indices = array<i64: 2, 7, 7, 4>,
      start_indices = array<i64: 0, 2, 2, 0>,
      strides = array<i64: 1, 1, 1, 1>
    } : (tensor<2x7x7x4xf32>) -> tensor<2x5x5x4xf32>
    %43 = "stablehlo.multiply"(%42, %x1) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %44 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %46 = "stablehlo.reduce"(%43, %44) ({
      ^reductionFn(%arg18: tensor<f32>, %arg19: tensor<f32>) :
          %45 = "stablehlo.add"(%arg18, %arg19) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%45) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2> } : (tensor<2x5x5x4xf32>, tensor<f32>) -> tensor<4xf32>
    %47 = "stablehlo.reshape"(%6) : (tensor<4xf32>) -> tensor<1x4xf32>
    %48 = "stablehlo.reshape"(%11) : (tensor<4xf32>) -> tensor<1x4xf32>
    %49 = "stablehlo.reshape"(%16) : (tensor<4xf32>) -> tensor<1x4xf32>
    %50 = "stablehlo.reshape"(%21) : (tensor<4xf32>) -> tensor<1x4xf32>
    %51 = "stablehlo.reshape"(%26) : (tensor<4xf32>) -> tensor<1x4xf32>
    %52 = "stablehlo.reshape"(%31) : (tensor<4xf32>) -> tensor<1x4xf32>
    %53 = "stablehlo.reshape"(%36) : (tensor<4xf32>) -> tensor<1x4xf32>
    %54 = "stablehlo.reshape"(%41) : (tensor<4xf32>) -> tensor<1x4xf32>
    %55 = "stablehlo.reshape"(%46) : (tensor<4xf32>) -> tensor<1x4xf32>
    %56 = "stablehlo.concatenate"(%47, %48, %49, %50, %51, %52, %53, %54, %55) { dimension = 0 : i64 } : (tensor<1x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<9x4xf32>
    %57 = "stablehlo.reshape"(%56) : (tensor<9x4xf32>) -> tensor<3x3x1x4xf32>
    "stablehlo.return"(%57) : (tensor<3x3x1x4xf32>) -> ()
  }
}

