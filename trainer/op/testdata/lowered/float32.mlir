// conv 3x3
module @case {
  func.func @main(%x0: tensor<2x5x6x4xf32>, %x1: tensor<3x3x4x8xf32>) -> tensor<2x5x6x8xf32> {
    %0 = "stablehlo.convolution"(%x0, %x1) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[1, 1], [1, 1]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<2x5x6x4xf32>, tensor<3x3x4x8xf32>) -> tensor<2x5x6x8xf32>
    "stablehlo.return"(%0) : (tensor<2x5x6x8xf32>) -> ()
  }
}

// conv input grad 3x3
module @case {
  func.func @main(%x0: tensor<2x5x6x8xf32>, %x1: tensor<3x3x4x8xf32>) -> tensor<2x5x6x4xf32> {
    %0 = "stablehlo.reverse"(%x1) { dimensions = array<i64: 0, 1> } : (tensor<3x3x4x8xf32>) -> tensor<3x3x4x8xf32>
    %1 = "stablehlo.convolution"(%x0, %0) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[1, 1], [1, 1]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<2x5x6x8xf32>, tensor<3x3x4x8xf32>) -> tensor<2x5x6x4xf32>
    "stablehlo.return"(%1) : (tensor<2x5x6x4xf32>) -> ()
  }
}

// conv weight grad 3x3
module @case {
  func.func @main(%x0: tensor<2x5x6x4xf32>, %x1: tensor<2x5x6x8xf32>) -> tensor<3x3x4x8xf32> {
    %0 = "stablehlo.convolution"(%x0, %x1) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[1, 1], [1, 1]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<2x5x6x4xf32>, tensor<2x5x6x8xf32>) -> tensor<3x3x4x8xf32>
    "stablehlo.return"(%0) : (tensor<3x3x4x8xf32>) -> ()
  }
}

// conv 7x7 stride 2
module @case {
  func.func @main(%x0: tensor<2x10x10x3xf32>, %x1: tensor<7x7x3x8xf32>) -> tensor<2x5x5x8xf32> {
    %0 = "stablehlo.convolution"(%x0, %x1) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[3, 3], [3, 3]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 2, 2>
    } : (tensor<2x10x10x3xf32>, tensor<7x7x3x8xf32>) -> tensor<2x5x5x8xf32>
    "stablehlo.return"(%0) : (tensor<2x5x5x8xf32>) -> ()
  }
}

// conv input grad 7x7 stride 2
module @case {
  func.func @main(%x0: tensor<2x5x5x8xf32>, %x1: tensor<7x7x3x8xf32>) -> tensor<2x10x10x3xf32> {
    %0 = "stablehlo.reverse"(%x1) { dimensions = array<i64: 0, 1> } : (tensor<7x7x3x8xf32>) -> tensor<7x7x3x8xf32>
    %1 = "stablehlo.convolution"(%x0, %0) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 2, 2>,
      padding = dense<[[3, 4], [3, 4]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<2x5x5x8xf32>, tensor<7x7x3x8xf32>) -> tensor<2x10x10x3xf32>
    "stablehlo.return"(%1) : (tensor<2x10x10x3xf32>) -> ()
  }
}

// conv weight grad 7x7 stride 2
module @case {
  func.func @main(%x0: tensor<2x10x10x3xf32>, %x1: tensor<2x5x5x8xf32>) -> tensor<7x7x3x8xf32> {
    %0 = "stablehlo.convolution"(%x0, %x1) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[3, 2], [3, 2]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 2, 2>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<2x10x10x3xf32>, tensor<2x5x5x8xf32>) -> tensor<7x7x3x8xf32>
    "stablehlo.return"(%0) : (tensor<7x7x3x8xf32>) -> ()
  }
}

// conv 1x1
module @case {
  func.func @main(%x0: tensor<2x5x5x4xf32>, %x1: tensor<1x1x4x8xf32>) -> tensor<2x5x5x8xf32> {
    %0 = "stablehlo.reshape"(%x0) : (tensor<2x5x5x4xf32>) -> tensor<50x4xf32>
    %1 = "stablehlo.reshape"(%x1) : (tensor<1x1x4x8xf32>) -> tensor<4x8xf32>
    %2 = "stablehlo.dot_general"(%0, %1) {
      dot_dimension_numbers = #stablehlo.dot<
  lhs_batching_dimensions = [],
  rhs_batching_dimensions = [],
  lhs_contracting_dimensions = [1],
  rhs_contracting_dimensions = [0]
>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]
    } : (tensor<50x4xf32>, tensor<4x8xf32>) -> tensor<50x8xf32>
    %3 = "stablehlo.reshape"(%2) : (tensor<50x8xf32>) -> tensor<2x5x5x8xf32>
    "stablehlo.return"(%3) : (tensor<2x5x5x8xf32>) -> ()
  }
}

// conv input grad 1x1
module @case {
  func.func @main(%x0: tensor<2x5x5x8xf32>, %x1: tensor<1x1x4x8xf32>) -> tensor<2x5x5x4xf32> {
    %0 = "stablehlo.reshape"(%x0) : (tensor<2x5x5x8xf32>) -> tensor<50x8xf32>
    %1 = "stablehlo.reshape"(%x1) : (tensor<1x1x4x8xf32>) -> tensor<4x8xf32>
    %2 = "stablehlo.dot_general"(%0, %1) {
      dot_dimension_numbers = #stablehlo.dot<
  lhs_batching_dimensions = [],
  rhs_batching_dimensions = [],
  lhs_contracting_dimensions = [1],
  rhs_contracting_dimensions = [1]
>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]
    } : (tensor<50x8xf32>, tensor<4x8xf32>) -> tensor<50x4xf32>
    %3 = "stablehlo.reshape"(%2) : (tensor<50x4xf32>) -> tensor<2x5x5x4xf32>
    "stablehlo.return"(%3) : (tensor<2x5x5x4xf32>) -> ()
  }
}

// conv weight grad 1x1
module @case {
  func.func @main(%x0: tensor<2x5x5x4xf32>, %x1: tensor<2x5x5x8xf32>) -> tensor<1x1x4x8xf32> {
    %0 = "stablehlo.reshape"(%x0) : (tensor<2x5x5x4xf32>) -> tensor<50x4xf32>
    %1 = "stablehlo.reshape"(%x1) : (tensor<2x5x5x8xf32>) -> tensor<50x8xf32>
    %2 = "stablehlo.dot_general"(%0, %1) {
      dot_dimension_numbers = #stablehlo.dot<
  lhs_batching_dimensions = [],
  rhs_batching_dimensions = [],
  lhs_contracting_dimensions = [0],
  rhs_contracting_dimensions = [0]
>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]
    } : (tensor<50x4xf32>, tensor<50x8xf32>) -> tensor<4x8xf32>
    %3 = "stablehlo.reshape"(%2) : (tensor<4x8xf32>) -> tensor<1x1x4x8xf32>
    "stablehlo.return"(%3) : (tensor<1x1x4x8xf32>) -> ()
  }
}

// conv 1x1 stride 2
module @case {
  func.func @main(%x0: tensor<2x5x5x4xf32>, %x1: tensor<1x1x4x8xf32>) -> tensor<2x3x3x8xf32> {
    %0 = "stablehlo.convolution"(%x0, %x1) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[0, 0], [0, 0]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 2, 2>
    } : (tensor<2x5x5x4xf32>, tensor<1x1x4x8xf32>) -> tensor<2x3x3x8xf32>
    "stablehlo.return"(%0) : (tensor<2x3x3x8xf32>) -> ()
  }
}

// conv input grad 1x1 stride 2
module @case {
  func.func @main(%x0: tensor<2x3x3x8xf32>, %x1: tensor<1x1x4x8xf32>) -> tensor<2x5x5x4xf32> {
    %0 = "stablehlo.reverse"(%x1) { dimensions = array<i64: 0, 1> } : (tensor<1x1x4x8xf32>) -> tensor<1x1x4x8xf32>
    %1 = "stablehlo.convolution"(%x0, %0) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 2, 2>,
      padding = dense<[[0, 0], [0, 0]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<2x3x3x8xf32>, tensor<1x1x4x8xf32>) -> tensor<2x5x5x4xf32>
    "stablehlo.return"(%1) : (tensor<2x5x5x4xf32>) -> ()
  }
}

// conv weight grad 1x1 stride 2
module @case {
  func.func @main(%x0: tensor<2x5x5x4xf32>, %x1: tensor<2x3x3x8xf32>) -> tensor<1x1x4x8xf32> {
    %0 = "stablehlo.convolution"(%x0, %x1) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[0, 0], [0, 0]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 2, 2>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<2x5x5x4xf32>, tensor<2x3x3x8xf32>) -> tensor<1x1x4x8xf32>
    "stablehlo.return"(%0) : (tensor<1x1x4x8xf32>) -> ()
  }
}

// conv depthwise 3x3
module @case {
  func.func @main(%x0: tensor<2x5x5x4xf32>, %x1: tensor<3x3x1x4xf32>) -> tensor<2x5x5x4xf32> {
    %0 = "stablehlo.convolution"(%x0, %x1) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>,
      feature_group_count = 4 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[1, 1], [1, 1]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<2x5x5x4xf32>, tensor<3x3x1x4xf32>) -> tensor<2x5x5x4xf32>
    "stablehlo.return"(%0) : (tensor<2x5x5x4xf32>) -> ()
  }
}

// conv input grad depthwise 3x3
module @case {
  func.func @main(%x0: tensor<2x5x5x4xf32>, %x1: tensor<3x3x1x4xf32>) -> tensor<2x5x5x4xf32> {
    %0 = "stablehlo.reshape"(%x1) : (tensor<3x3x1x4xf32>) -> tensor<3x3x1x4x1xf32>
    %1 = "stablehlo.transpose"(%0) { permutation = array<i64: 0, 1, 3, 2, 4> } : (tensor<3x3x1x4x1xf32>) -> tensor<3x3x4x1x1xf32>
    %2 = "stablehlo.reshape"(%1) : (tensor<3x3x4x1x1xf32>) -> tensor<3x3x4x1xf32>
    %3 = "stablehlo.reverse"(%2) { dimensions = array<i64: 0, 1> } : (tensor<3x3x4x1xf32>) -> tensor<3x3x4x1xf32>
    %4 = "stablehlo.convolution"(%x0, %3) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f]>,
      feature_group_count = 4 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[1, 1], [1, 1]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<2x5x5x4xf32>, tensor<3x3x4x1xf32>) -> tensor<2x5x5x4xf32>
    "stablehlo.return"(%4) : (tensor<2x5x5x4xf32>) -> ()
  }
}

// conv weight grad depthwise 3x3
module @case {
  func.func @main(%x0: tensor<2x5x5x4xf32>, %x1: tensor<2x5x5x4xf32>) -> tensor<3x3x1x4xf32> {
    %0 = "stablehlo.convolution"(%x0, %x1) {
      batch_group_count = 4 : i64,
      dimension_numbers = #stablehlo.conv<[f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[1, 1], [1, 1]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<3x3x1x4xf32>
    "stablehlo.return"(%0) : (tensor<3x3x1x4xf32>) -> ()
  }
}

// conv depthwise 5x5 stride 2
module @case {
  func.func @main(%x0: tensor<2x6x6x4xf32>, %x1: tensor<5x5x1x4xf32>) -> tensor<2x3x3x4xf32> {
    %0 = "stablehlo.convolution"(%x0, %x1) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>,
      feature_group_count = 4 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[2, 2], [2, 2]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 2, 2>
    } : (tensor<2x6x6x4xf32>, tensor<5x5x1x4xf32>) -> tensor<2x3x3x4xf32>
    "stablehlo.return"(%0) : (tensor<2x3x3x4xf32>) -> ()
  }
}

// conv input grad depthwise 5x5 stride 2
module @case {
  func.func @main(%x0: tensor<2x3x3x4xf32>, %x1: tensor<5x5x1x4xf32>) -> tensor<2x6x6x4xf32> {
    %0 = "stablehlo.reshape"(%x1) : (tensor<5x5x1x4xf32>) -> tensor<5x5x1x4x1xf32>
    %1 = "stablehlo.transpose"(%0) { permutation = array<i64: 0, 1, 3, 2, 4> } : (tensor<5x5x1x4x1xf32>) -> tensor<5x5x4x1x1xf32>
    %2 = "stablehlo.reshape"(%1) : (tensor<5x5x4x1x1xf32>) -> tensor<5x5x4x1xf32>
    %3 = "stablehlo.reverse"(%2) { dimensions = array<i64: 0, 1> } : (tensor<5x5x4x1xf32>) -> tensor<5x5x4x1xf32>
    %4 = "stablehlo.convolution"(%x0, %3) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f]>,
      feature_group_count = 4 : i64,
      lhs_dilation = array<i64: 2, 2>,
      padding = dense<[[2, 3], [2, 3]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<2x3x3x4xf32>, tensor<5x5x4x1xf32>) -> tensor<2x6x6x4xf32>
    "stablehlo.return"(%4) : (tensor<2x6x6x4xf32>) -> ()
  }
}

// conv weight grad depthwise 5x5 stride 2
module @case {
  func.func @main(%x0: tensor<2x6x6x4xf32>, %x1: tensor<2x3x3x4xf32>) -> tensor<5x5x1x4xf32> {
    %0 = "stablehlo.convolution"(%x0, %x1) {
      batch_group_count = 4 : i64,
      dimension_numbers = #stablehlo.conv<[f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[2, 1], [2, 1]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 2, 2>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<2x6x6x4xf32>, tensor<2x3x3x4xf32>) -> tensor<5x5x1x4xf32>
    "stablehlo.return"(%0) : (tensor<5x5x1x4xf32>) -> ()
  }
}

// conv grouped stride 2
module @case {
  func.func @main(%x0: tensor<2x6x6x4xf32>, %x1: tensor<3x3x2x6xf32>) -> tensor<2x3x3x6xf32> {
    %0 = "stablehlo.convolution"(%x0, %x1) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>,
      feature_group_count = 2 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[1, 1], [1, 1]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 2, 2>
    } : (tensor<2x6x6x4xf32>, tensor<3x3x2x6xf32>) -> tensor<2x3x3x6xf32>
    "stablehlo.return"(%0) : (tensor<2x3x3x6xf32>) -> ()
  }
}

// conv input grad grouped stride 2
module @case {
  func.func @main(%x0: tensor<2x3x3x6xf32>, %x1: tensor<3x3x2x6xf32>) -> tensor<2x6x6x4xf32> {
    %0 = "stablehlo.reshape"(%x1) : (tensor<3x3x2x6xf32>) -> tensor<3x3x2x2x3xf32>
    %1 = "stablehlo.transpose"(%0) { permutation = array<i64: 0, 1, 3, 2, 4> } : (tensor<3x3x2x2x3xf32>) -> tensor<3x3x2x2x3xf32>
    %2 = "stablehlo.reshape"(%1) : (tensor<3x3x2x2x3xf32>) -> tensor<3x3x4x3xf32>
    %3 = "stablehlo.reverse"(%2) { dimensions = array<i64: 0, 1> } : (tensor<3x3x4x3xf32>) -> tensor<3x3x4x3xf32>
    %4 = "stablehlo.convolution"(%x0, %3) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f]>,
      feature_group_count = 2 : i64,
      lhs_dilation = array<i64: 2, 2>,
      padding = dense<[[1, 2], [1, 2]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<2x3x3x6xf32>, tensor<3x3x4x3xf32>) -> tensor<2x6x6x4xf32>
    "stablehlo.return"(%4) : (tensor<2x6x6x4xf32>) -> ()
  }
}

// conv weight grad grouped stride 2
module @case {
  func.func @main(%x0: tensor<2x6x6x4xf32>, %x1: tensor<2x3x3x6xf32>) -> tensor<3x3x2x6xf32> {
    %0 = "stablehlo.convolution"(%x0, %x1) {
      batch_group_count = 2 : i64,
      dimension_numbers = #stablehlo.conv<[f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[1, 0], [1, 0]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 2, 2>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<2x6x6x4xf32>, tensor<2x3x3x6xf32>) -> tensor<3x3x2x6xf32>
    "stablehlo.return"(%0) : (tensor<3x3x2x6xf32>) -> ()
  }
}

// conv with bias
module @case {
  func.func @main(%x0: tensor<2x5x5x4xf32>, %x1: tensor<3x3x4x8xf32>, %x2: tensor<8xf32>) -> tensor<2x5x5x8xf32> {
    %0 = "stablehlo.convolution"(%x0, %x1) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[1, 1], [1, 1]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<2x5x5x4xf32>, tensor<3x3x4x8xf32>) -> tensor<2x5x5x8xf32>
    %1 = "stablehlo.broadcast_in_dim"(%x2) { broadcast_dimensions = array<i64: 3> } : (tensor<8xf32>) -> tensor<2x5x5x8xf32>
    %2 = "stablehlo.add"(%0, %1) : (tensor<2x5x5x8xf32>, tensor<2x5x5x8xf32>) -> tensor<2x5x5x8xf32>
    "stablehlo.return"(%2) : (tensor<2x5x5x8xf32>) -> ()
  }
}

// linear
module @case {
  func.func @main(%x0: tensor<2x3x3x4xf32>, %x1: tensor<4x5xf32>, %x2: tensor<5xf32>) -> tensor<2x3x3x5xf32> {
    %0 = "stablehlo.reshape"(%x0) : (tensor<2x3x3x4xf32>) -> tensor<18x4xf32>
    %1 = "stablehlo.dot_general"(%0, %x1) {
      dot_dimension_numbers = #stablehlo.dot<
  lhs_batching_dimensions = [],
  rhs_batching_dimensions = [],
  lhs_contracting_dimensions = [1],
  rhs_contracting_dimensions = [0]
>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]
    } : (tensor<18x4xf32>, tensor<4x5xf32>) -> tensor<18x5xf32>
    %2 = "stablehlo.broadcast_in_dim"(%x2) { broadcast_dimensions = array<i64: 1> } : (tensor<5xf32>) -> tensor<18x5xf32>
    %3 = "stablehlo.add"(%1, %2) : (tensor<18x5xf32>, tensor<18x5xf32>) -> tensor<18x5xf32>
    %4 = "stablehlo.reshape"(%3) : (tensor<18x5xf32>) -> tensor<2x3x3x5xf32>
    "stablehlo.return"(%4) : (tensor<2x3x3x5xf32>) -> ()
  }
}

// linear input grad
module @case {
  func.func @main(%x0: tensor<2x3x3x5xf32>, %x1: tensor<4x5xf32>) -> tensor<2x3x3x4xf32> {
    %0 = "stablehlo.reshape"(%x0) : (tensor<2x3x3x5xf32>) -> tensor<18x5xf32>
    %1 = "stablehlo.dot_general"(%0, %x1) {
      dot_dimension_numbers = #stablehlo.dot<
  lhs_batching_dimensions = [],
  rhs_batching_dimensions = [],
  lhs_contracting_dimensions = [1],
  rhs_contracting_dimensions = [1]
>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]
    } : (tensor<18x5xf32>, tensor<4x5xf32>) -> tensor<18x4xf32>
    %2 = "stablehlo.reshape"(%1) : (tensor<18x4xf32>) -> tensor<2x3x3x4xf32>
    "stablehlo.return"(%2) : (tensor<2x3x3x4xf32>) -> ()
  }
}

// linear weight grad
module @case {
  func.func @main(%x0: tensor<2x3x3x4xf32>, %x1: tensor<2x3x3x5xf32>) -> tensor<4x5xf32> {
    %0 = "stablehlo.reshape"(%x0) : (tensor<2x3x3x4xf32>) -> tensor<18x4xf32>
    %1 = "stablehlo.reshape"(%x1) : (tensor<2x3x3x5xf32>) -> tensor<18x5xf32>
    %2 = "stablehlo.dot_general"(%0, %1) {
      dot_dimension_numbers = #stablehlo.dot<
  lhs_batching_dimensions = [],
  rhs_batching_dimensions = [],
  lhs_contracting_dimensions = [0],
  rhs_contracting_dimensions = [0]
>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]
    } : (tensor<18x4xf32>, tensor<18x5xf32>) -> tensor<4x5xf32>
    "stablehlo.return"(%2) : (tensor<4x5xf32>) -> ()
  }
}

// batch statistics
module @case {
  func.func @main(%x0: tensor<2x5x5x4xf32>) -> tensor<2x4xf32> {
    %0 = "stablehlo.slice"(%x0) {
      limit_indices = array<i64: 1, 3, 3, 4>,
      start_indices = array<i64: 0, 2, 2, 0>,
      strides = array<i64: 1, 1, 1, 1>
    } : (tensor<2x5x5x4xf32>) -> tensor<1x1x1x4xf32>
    %1 = "stablehlo.reshape"(%0) : (tensor<1x1x1x4xf32>) -> tensor<4xf32>
    %2 = "stablehlo.broadcast_in_dim"(%1) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %3 = "stablehlo.subtract"(%x0, %2) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %4 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %6 = "stablehlo.reduce"(%3, %4) ({
      ^reductionFn(%arg1: tensor<f32>, %arg2: tensor<f32>) :
          %5 = "stablehlo.add"(%arg1, %arg2) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%5) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2> } : (tensor<2x5x5x4xf32>, tensor<f32>) -> tensor<4xf32>
    %7 = "stablehlo.constant"() { value = dense<0.019999999552965164> : tensor<f32> } : () -> tensor<f32>
    %8 = "stablehlo.broadcast_in_dim"(%7) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %9 = "stablehlo.multiply"(%6, %8) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %10 = "stablehlo.multiply"(%3, %3) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %11 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %13 = "stablehlo.reduce"(%10, %11) ({
      ^reductionFn(%arg3: tensor<f32>, %arg4: tensor<f32>) :
          %12 = "stablehlo.add"(%arg3, %arg4) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%12) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2> } : (tensor<2x5x5x4xf32>, tensor<f32>) -> tensor<4xf32>
    %14 = "stablehlo.constant"() { value = dense<0.019999999552965164> : tensor<f32> } : () -> tensor<f32>
    %15 = "stablehlo.broadcast_in_dim"(%14) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %16 = "stablehlo.multiply"(%13, %15) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %17 = "stablehlo.multiply"(%9, %9) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %18 = "stablehlo.subtract"(%16, %17) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %19 = "stablehlo.add"(%9, %1) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %20 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %21 = "stablehlo.broadcast_in_dim"(%20) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %22 = "stablehlo.maximum"(%18, %21) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %23 = "stablehlo.reshape"(%19) : (tensor<4xf32>) -> tensor<1x4xf32>
    %24 = "stablehlo.reshape"(%22) : (tensor<4xf32>) -> tensor<1x4xf32>
    %25 = "stablehlo.concatenate"(%23, %24) { dimension = 0 : i64 } : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<2x4xf32>
    "stablehlo.return"(%25) : (tensor<2x4xf32>) -> ()
  }
}

// batch norm
module @case {
  func.func @main(%x0: tensor<2x5x5x4xf32>, %x1: tensor<4xf32>, %x2: tensor<4xf32>, %x3: tensor<2x4xf32>) -> tensor<2x5x5x4xf32> {
    %0 = "stablehlo.slice"(%x3) {
      limit_indices = array<i64: 1, 4>,
      start_indices = array<i64: 0, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %1 = "stablehlo.reshape"(%0) : (tensor<1x4xf32>) -> tensor<4xf32>
    %2 = "stablehlo.slice"(%x3) {
      limit_indices = array<i64: 2, 4>,
      start_indices = array<i64: 1, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %3 = "stablehlo.reshape"(%2) : (tensor<1x4xf32>) -> tensor<4xf32>
    %4 = "stablehlo.constant"() { value = dense<9.999999747378752e-06> : tensor<f32> } : () -> tensor<f32>
    %5 = "stablehlo.broadcast_in_dim"(%4) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %6 = "stablehlo.add"(%3, %5) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %7 = "stablehlo.rsqrt"(%6) : (tensor<4xf32>) -> tensor<4xf32>
    %8 = "stablehlo.multiply"(%x1, %7) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %9 = "stablehlo.broadcast_in_dim"(%1) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %10 = "stablehlo.subtract"(%x0, %9) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %11 = "stablehlo.broadcast_in_dim"(%8) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %12 = "stablehlo.multiply"(%10, %11) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %13 = "stablehlo.broadcast_in_dim"(%x2) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %14 = "stablehlo.add"(%12, %13) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    "stablehlo.return"(%14) : (tensor<2x5x5x4xf32>) -> ()
  }
}

// batch norm sums
module @case {
  func.func @main(%x0: tensor<2x5x5x4xf32>, %x1: tensor<2x4xf32>, %x2: tensor<2x5x5x4xf32>) -> tensor<2x4xf32> {
    %0 = "stablehlo.slice"(%x1) {
      limit_indices = array<i64: 1, 4>,
      start_indices = array<i64: 0, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %1 = "stablehlo.reshape"(%0) : (tensor<1x4xf32>) -> tensor<4xf32>
    %2 = "stablehlo.broadcast_in_dim"(%1) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %3 = "stablehlo.subtract"(%x0, %2) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %4 = "stablehlo.slice"(%x1) {
      limit_indices = array<i64: 2, 4>,
      start_indices = array<i64: 1, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %5 = "stablehlo.reshape"(%4) : (tensor<1x4xf32>) -> tensor<4xf32>
    %6 = "stablehlo.constant"() { value = dense<9.999999747378752e-06> : tensor<f32> } : () -> tensor<f32>
    %7 = "stablehlo.broadcast_in_dim"(%6) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %8 = "stablehlo.add"(%5, %7) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %9 = "stablehlo.rsqrt"(%8) : (tensor<4xf32>) -> tensor<4xf32>
    %10 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %12 = "stablehlo.reduce"(%x2, %10) ({
      ^reductionFn(%arg3: tensor<f32>, %arg4: tensor<f32>) :
          %11 = "stablehlo.add"(%arg3, %arg4) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%11) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2> } : (tensor<2x5x5x4xf32>, tensor<f32>) -> tensor<4xf32>
    %13 = "stablehlo.multiply"(%x2, %3) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %14 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %16 = "stablehlo.reduce"(%13, %14) ({
      ^reductionFn(%arg5: tensor<f32>, %arg6: tensor<f32>) :
          %15 = "stablehlo.add"(%arg5, %arg6) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%15) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2> } : (tensor<2x5x5x4xf32>, tensor<f32>) -> tensor<4xf32>
    %17 = "stablehlo.multiply"(%16, %9) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %18 = "stablehlo.reshape"(%12) : (tensor<4xf32>) -> tensor<1x4xf32>
    %19 = "stablehlo.reshape"(%17) : (tensor<4xf32>) -> tensor<1x4xf32>
    %20 = "stablehlo.concatenate"(%18, %19) { dimension = 0 : i64 } : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<2x4xf32>
    "stablehlo.return"(%20) : (tensor<2x4xf32>) -> ()
  }
}

// batch norm input grad
module @case {
  func.func @main(%x0: tensor<2x5x5x4xf32>, %x1: tensor<4xf32>, %x2: tensor<2x4xf32>, %x3: tensor<2x4xf32>, %x4: tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32> {
    %0 = "stablehlo.slice"(%x2) {
      limit_indices = array<i64: 2, 4>,
      start_indices = array<i64: 1, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %1 = "stablehlo.reshape"(%0) : (tensor<1x4xf32>) -> tensor<4xf32>
    %2 = "stablehlo.constant"() { value = dense<9.999999747378752e-06> : tensor<f32> } : () -> tensor<f32>
    %3 = "stablehlo.broadcast_in_dim"(%2) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %4 = "stablehlo.add"(%1, %3) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %5 = "stablehlo.rsqrt"(%4) : (tensor<4xf32>) -> tensor<4xf32>
    %6 = "stablehlo.slice"(%x2) {
      limit_indices = array<i64: 1, 4>,
      start_indices = array<i64: 0, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %7 = "stablehlo.reshape"(%6) : (tensor<1x4xf32>) -> tensor<4xf32>
    %8 = "stablehlo.broadcast_in_dim"(%7) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %9 = "stablehlo.subtract"(%x0, %8) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %10 = "stablehlo.slice"(%x3) {
      limit_indices = array<i64: 2, 4>,
      start_indices = array<i64: 1, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %11 = "stablehlo.reshape"(%10) : (tensor<1x4xf32>) -> tensor<4xf32>
    %12 = "stablehlo.constant"() { value = dense<0.019999999552965164> : tensor<f32> } : () -> tensor<f32>
    %13 = "stablehlo.broadcast_in_dim"(%12) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %14 = "stablehlo.multiply"(%11, %13) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %15 = "stablehlo.multiply"(%14, %5) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %16 = "stablehlo.slice"(%x3) {
      limit_indices = array<i64: 1, 4>,
      start_indices = array<i64: 0, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %17 = "stablehlo.reshape"(%16) : (tensor<1x4xf32>) -> tensor<4xf32>
    %18 = "stablehlo.constant"() { value = dense<0.019999999552965164> : tensor<f32> } : () -> tensor<f32>
    %19 = "stablehlo.broadcast_in_dim"(%18) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %20 = "stablehlo.multiply"(%17, %19) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %21 = "stablehlo.broadcast_in_dim"(%20) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %22 = "stablehlo.subtract"(%x4, %21) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %23 = "stablehlo.broadcast_in_dim"(%15) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %24 = "stablehlo.multiply"(%9, %23) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %25 = "stablehlo.subtract"(%22, %24) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %26 = "stablehlo.multiply"(%x1, %5) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %27 = "stablehlo.broadcast_in_dim"(%26) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %28 = "stablehlo.multiply"(%25, %27) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    "stablehlo.return"(%28) : (tensor<2x5x5x4xf32>) -> ()
  }
}

// frozen batch norm
module @case {
  func.func @main(%x0: tensor<2x5x5x4xf32>, %x1: tensor<4xf32>, %x2: tensor<4xf32>, %x3: tensor<4xf32>, %x4: tensor<4xf32>) -> tensor<2x5x5x4xf32> {
    %0 = "stablehlo.constant"() { value = dense<9.999999747378752e-06> : tensor<f32> } : () -> tensor<f32>
    %1 = "stablehlo.broadcast_in_dim"(%0) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %2 = "stablehlo.add"(%x4, %1) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %3 = "stablehlo.rsqrt"(%2) : (tensor<4xf32>) -> tensor<4xf32>
    %4 = "stablehlo.multiply"(%x1, %3) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %5 = "stablehlo.broadcast_in_dim"(%x3) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %6 = "stablehlo.subtract"(%x0, %5) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %7 = "stablehlo.broadcast_in_dim"(%4) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %8 = "stablehlo.multiply"(%6, %7) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %9 = "stablehlo.broadcast_in_dim"(%x2) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %10 = "stablehlo.add"(%8, %9) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    "stablehlo.return"(%10) : (tensor<2x5x5x4xf32>) -> ()
  }
}

// batch norm factor
module @case {
  func.func @main(%x0: tensor<4xf32>, %x1: tensor<4xf32>) -> tensor<4xf32> {
    %0 = "stablehlo.constant"() { value = dense<9.999999747378752e-06> : tensor<f32> } : () -> tensor<f32>
    %1 = "stablehlo.broadcast_in_dim"(%0) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %2 = "stablehlo.add"(%x1, %1) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %3 = "stablehlo.rsqrt"(%2) : (tensor<4xf32>) -> tensor<4xf32>
    %4 = "stablehlo.multiply"(%x0, %3) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    "stablehlo.return"(%4) : (tensor<4xf32>) -> ()
  }
}

// batch norm shift
module @case {
  func.func @main(%x0: tensor<4xf32>, %x1: tensor<4xf32>, %x2: tensor<4xf32>) -> tensor<4xf32> {
    %0 = "stablehlo.multiply"(%x1, %x2) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %1 = "stablehlo.subtract"(%x0, %0) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    "stablehlo.return"(%1) : (tensor<4xf32>) -> ()
  }
}

// batch norm, shortcut
module @case {
  func.func @main(%x0: tensor<2x5x5x4xf32>, %x1: tensor<4xf32>, %x2: tensor<4xf32>, %x3: tensor<2x4xf32>, %x4: tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32> {
    %0 = "stablehlo.slice"(%x3) {
      limit_indices = array<i64: 1, 4>,
      start_indices = array<i64: 0, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %1 = "stablehlo.reshape"(%0) : (tensor<1x4xf32>) -> tensor<4xf32>
    %2 = "stablehlo.slice"(%x3) {
      limit_indices = array<i64: 2, 4>,
      start_indices = array<i64: 1, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %3 = "stablehlo.reshape"(%2) : (tensor<1x4xf32>) -> tensor<4xf32>
    %4 = "stablehlo.constant"() { value = dense<9.999999747378752e-06> : tensor<f32> } : () -> tensor<f32>
    %5 = "stablehlo.broadcast_in_dim"(%4) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %6 = "stablehlo.add"(%3, %5) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %7 = "stablehlo.rsqrt"(%6) : (tensor<4xf32>) -> tensor<4xf32>
    %8 = "stablehlo.multiply"(%x1, %7) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %9 = "stablehlo.broadcast_in_dim"(%1) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %10 = "stablehlo.subtract"(%x0, %9) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %11 = "stablehlo.broadcast_in_dim"(%8) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %12 = "stablehlo.multiply"(%10, %11) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %13 = "stablehlo.broadcast_in_dim"(%x2) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %14 = "stablehlo.add"(%12, %13) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %15 = "stablehlo.add"(%14, %x4) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    "stablehlo.return"(%15) : (tensor<2x5x5x4xf32>) -> ()
  }
}

// batch norm, relu
module @case {
  func.func @main(%x0: tensor<2x5x5x4xf32>, %x1: tensor<4xf32>, %x2: tensor<4xf32>, %x3: tensor<2x4xf32>) -> tensor<2x5x5x4xf32> {
    %0 = "stablehlo.slice"(%x3) {
      limit_indices = array<i64: 1, 4>,
      start_indices = array<i64: 0, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %1 = "stablehlo.reshape"(%0) : (tensor<1x4xf32>) -> tensor<4xf32>
    %2 = "stablehlo.slice"(%x3) {
      limit_indices = array<i64: 2, 4>,
      start_indices = array<i64: 1, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %3 = "stablehlo.reshape"(%2) : (tensor<1x4xf32>) -> tensor<4xf32>
    %4 = "stablehlo.constant"() { value = dense<9.999999747378752e-06> : tensor<f32> } : () -> tensor<f32>
    %5 = "stablehlo.broadcast_in_dim"(%4) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %6 = "stablehlo.add"(%3, %5) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %7 = "stablehlo.rsqrt"(%6) : (tensor<4xf32>) -> tensor<4xf32>
    %8 = "stablehlo.multiply"(%x1, %7) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %9 = "stablehlo.broadcast_in_dim"(%1) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %10 = "stablehlo.subtract"(%x0, %9) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %11 = "stablehlo.broadcast_in_dim"(%8) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %12 = "stablehlo.multiply"(%10, %11) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %13 = "stablehlo.broadcast_in_dim"(%x2) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %14 = "stablehlo.add"(%12, %13) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %15 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %16 = "stablehlo.broadcast_in_dim"(%15) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x5x5x4xf32>
    %17 = "stablehlo.maximum"(%14, %16) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    "stablehlo.return"(%17) : (tensor<2x5x5x4xf32>) -> ()
  }
}

// batch norm, shortcut, relu
module @case {
  func.func @main(%x0: tensor<2x5x5x4xf32>, %x1: tensor<4xf32>, %x2: tensor<4xf32>, %x3: tensor<2x4xf32>, %x4: tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32> {
    %0 = "stablehlo.slice"(%x3) {
      limit_indices = array<i64: 1, 4>,
      start_indices = array<i64: 0, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %1 = "stablehlo.reshape"(%0) : (tensor<1x4xf32>) -> tensor<4xf32>
    %2 = "stablehlo.slice"(%x3) {
      limit_indices = array<i64: 2, 4>,
      start_indices = array<i64: 1, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %3 = "stablehlo.reshape"(%2) : (tensor<1x4xf32>) -> tensor<4xf32>
    %4 = "stablehlo.constant"() { value = dense<9.999999747378752e-06> : tensor<f32> } : () -> tensor<f32>
    %5 = "stablehlo.broadcast_in_dim"(%4) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %6 = "stablehlo.add"(%3, %5) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %7 = "stablehlo.rsqrt"(%6) : (tensor<4xf32>) -> tensor<4xf32>
    %8 = "stablehlo.multiply"(%x1, %7) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %9 = "stablehlo.broadcast_in_dim"(%1) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %10 = "stablehlo.subtract"(%x0, %9) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %11 = "stablehlo.broadcast_in_dim"(%8) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %12 = "stablehlo.multiply"(%10, %11) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %13 = "stablehlo.broadcast_in_dim"(%x2) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %14 = "stablehlo.add"(%12, %13) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %15 = "stablehlo.add"(%14, %x4) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %16 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %17 = "stablehlo.broadcast_in_dim"(%16) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x5x5x4xf32>
    %18 = "stablehlo.maximum"(%15, %17) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    "stablehlo.return"(%18) : (tensor<2x5x5x4xf32>) -> ()
  }
}

// batch norm, silu
module @case {
  func.func @main(%x0: tensor<2x5x5x4xf32>, %x1: tensor<4xf32>, %x2: tensor<4xf32>, %x3: tensor<2x4xf32>) -> tensor<2x5x5x4xf32> {
    %0 = "stablehlo.slice"(%x3) {
      limit_indices = array<i64: 1, 4>,
      start_indices = array<i64: 0, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %1 = "stablehlo.reshape"(%0) : (tensor<1x4xf32>) -> tensor<4xf32>
    %2 = "stablehlo.slice"(%x3) {
      limit_indices = array<i64: 2, 4>,
      start_indices = array<i64: 1, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %3 = "stablehlo.reshape"(%2) : (tensor<1x4xf32>) -> tensor<4xf32>
    %4 = "stablehlo.constant"() { value = dense<9.999999747378752e-06> : tensor<f32> } : () -> tensor<f32>
    %5 = "stablehlo.broadcast_in_dim"(%4) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %6 = "stablehlo.add"(%3, %5) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %7 = "stablehlo.rsqrt"(%6) : (tensor<4xf32>) -> tensor<4xf32>
    %8 = "stablehlo.multiply"(%x1, %7) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %9 = "stablehlo.broadcast_in_dim"(%1) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %10 = "stablehlo.subtract"(%x0, %9) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %11 = "stablehlo.broadcast_in_dim"(%8) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %12 = "stablehlo.multiply"(%10, %11) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %13 = "stablehlo.broadcast_in_dim"(%x2) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %14 = "stablehlo.add"(%12, %13) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %15 = "stablehlo.logistic"(%14) : (tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %16 = "stablehlo.multiply"(%14, %15) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    "stablehlo.return"(%16) : (tensor<2x5x5x4xf32>) -> ()
  }
}

// batch norm, silu grad
module @case {
  func.func @main(%x0: tensor<2x5x5x4xf32>, %x1: tensor<4xf32>, %x2: tensor<4xf32>, %x3: tensor<2x4xf32>, %x4: tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32> {
    %0 = "stablehlo.slice"(%x3) {
      limit_indices = array<i64: 1, 4>,
      start_indices = array<i64: 0, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %1 = "stablehlo.reshape"(%0) : (tensor<1x4xf32>) -> tensor<4xf32>
    %2 = "stablehlo.slice"(%x3) {
      limit_indices = array<i64: 2, 4>,
      start_indices = array<i64: 1, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %3 = "stablehlo.reshape"(%2) : (tensor<1x4xf32>) -> tensor<4xf32>
    %4 = "stablehlo.constant"() { value = dense<9.999999747378752e-06> : tensor<f32> } : () -> tensor<f32>
    %5 = "stablehlo.broadcast_in_dim"(%4) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %6 = "stablehlo.add"(%3, %5) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %7 = "stablehlo.rsqrt"(%6) : (tensor<4xf32>) -> tensor<4xf32>
    %8 = "stablehlo.multiply"(%x1, %7) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %9 = "stablehlo.broadcast_in_dim"(%1) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %10 = "stablehlo.subtract"(%x0, %9) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %11 = "stablehlo.broadcast_in_dim"(%8) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %12 = "stablehlo.multiply"(%10, %11) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %13 = "stablehlo.broadcast_in_dim"(%x2) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %14 = "stablehlo.add"(%12, %13) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %15 = "stablehlo.logistic"(%14) : (tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %16 = "stablehlo.multiply"(%x4, %15) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %17 = "stablehlo.negate"(%15) : (tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %18 = "stablehlo.constant"() { value = dense<1.0> : tensor<f32> } : () -> tensor<f32>
    %19 = "stablehlo.broadcast_in_dim"(%18) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x5x5x4xf32>
    %20 = "stablehlo.add"(%17, %19) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %21 = "stablehlo.multiply"(%14, %20) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %22 = "stablehlo.constant"() { value = dense<1.0> : tensor<f32> } : () -> tensor<f32>
    %23 = "stablehlo.broadcast_in_dim"(%22) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x5x5x4xf32>
    %24 = "stablehlo.add"(%21, %23) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %25 = "stablehlo.multiply"(%16, %24) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    "stablehlo.return"(%25) : (tensor<2x5x5x4xf32>) -> ()
  }
}

// batch norm, relu sums
module @case {
  func.func @main(%x0: tensor<2x5x5x4xf32>, %x1: tensor<4xf32>, %x2: tensor<4xf32>, %x3: tensor<2x4xf32>, %x4: tensor<2x5x5x4xf32>) -> tensor<2x4xf32> {
    %0 = "stablehlo.slice"(%x3) {
      limit_indices = array<i64: 1, 4>,
      start_indices = array<i64: 0, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %1 = "stablehlo.reshape"(%0) : (tensor<1x4xf32>) -> tensor<4xf32>
    %2 = "stablehlo.slice"(%x3) {
      limit_indices = array<i64: 2, 4>,
      start_indices = array<i64: 1, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %3 = "stablehlo.reshape"(%2) : (tensor<1x4xf32>) -> tensor<4xf32>
    %4 = "stablehlo.constant"() { value = dense<9.999999747378752e-06> : tensor<f32> } : () -> tensor<f32>
    %5 = "stablehlo.broadcast_in_dim"(%4) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %6 = "stablehlo.add"(%3, %5) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %7 = "stablehlo.rsqrt"(%6) : (tensor<4xf32>) -> tensor<4xf32>
    %8 = "stablehlo.multiply"(%x1, %7) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %9 = "stablehlo.broadcast_in_dim"(%1) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %10 = "stablehlo.subtract"(%x0, %9) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %11 = "stablehlo.broadcast_in_dim"(%8) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %12 = "stablehlo.multiply"(%10, %11) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %13 = "stablehlo.broadcast_in_dim"(%x2) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %14 = "stablehlo.add"(%12, %13) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %15 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %16 = "stablehlo.broadcast_in_dim"(%15) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x5x5x4xf32>
    %17 = "stablehlo.compare"(%14, %16) {
      compare_type = #stablehlo<comparison_type FLOAT>,
      comparison_direction = #stablehlo<comparison_direction GT>
    } : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xi1>
    %18 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %19 = "stablehlo.broadcast_in_dim"(%18) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x5x5x4xf32>
    %20 = "stablehlo.select"(%17, %x4, %19) : (tensor<2x5x5x4xi1>, tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %21 = "stablehlo.slice"(%x3) {
      limit_indices = array<i64: 1, 4>,
      start_indices = array<i64: 0, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %22 = "stablehlo.reshape"(%21) : (tensor<1x4xf32>) -> tensor<4xf32>
    %23 = "stablehlo.broadcast_in_dim"(%22) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %24 = "stablehlo.subtract"(%x0, %23) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %25 = "stablehlo.slice"(%x3) {
      limit_indices = array<i64: 2, 4>,
      start_indices = array<i64: 1, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %26 = "stablehlo.reshape"(%25) : (tensor<1x4xf32>) -> tensor<4xf32>
    %27 = "stablehlo.constant"() { value = dense<9.999999747378752e-06> : tensor<f32> } : () -> tensor<f32>
    %28 = "stablehlo.broadcast_in_dim"(%27) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %29 = "stablehlo.add"(%26, %28) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %30 = "stablehlo.rsqrt"(%29) : (tensor<4xf32>) -> tensor<4xf32>
    %31 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %33 = "stablehlo.reduce"(%20, %31) ({
      ^reductionFn(%arg5: tensor<f32>, %arg6: tensor<f32>) :
          %32 = "stablehlo.add"(%arg5, %arg6) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%32) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2> } : (tensor<2x5x5x4xf32>, tensor<f32>) -> tensor<4xf32>
    %34 = "stablehlo.multiply"(%20, %24) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %35 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %37 = "stablehlo.reduce"(%34, %35) ({
      ^reductionFn(%arg7: tensor<f32>, %arg8: tensor<f32>) :
          %36 = "stablehlo.add"(%arg7, %arg8) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%36) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2> } : (tensor<2x5x5x4xf32>, tensor<f32>) -> tensor<4xf32>
    %38 = "stablehlo.multiply"(%37, %30) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %39 = "stablehlo.reshape"(%33) : (tensor<4xf32>) -> tensor<1x4xf32>
    %40 = "stablehlo.reshape"(%38) : (tensor<4xf32>) -> tensor<1x4xf32>
    %41 = "stablehlo.concatenate"(%39, %40) { dimension = 0 : i64 } : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<2x4xf32>
    "stablehlo.return"(%41) : (tensor<2x4xf32>) -> ()
  }
}

// batch norm, relu input grad
module @case {
  func.func @main(%x0: tensor<2x5x5x4xf32>, %x1: tensor<4xf32>, %x2: tensor<4xf32>, %x3: tensor<2x4xf32>, %x4: tensor<2x5x5x4xf32>, %x5: tensor<2x4xf32>) -> tensor<2x5x5x4xf32> {
    %0 = "stablehlo.slice"(%x3) {
      limit_indices = array<i64: 1, 4>,
      start_indices = array<i64: 0, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %1 = "stablehlo.reshape"(%0) : (tensor<1x4xf32>) -> tensor<4xf32>
    %2 = "stablehlo.slice"(%x3) {
      limit_indices = array<i64: 2, 4>,
      start_indices = array<i64: 1, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %3 = "stablehlo.reshape"(%2) : (tensor<1x4xf32>) -> tensor<4xf32>
    %4 = "stablehlo.constant"() { value = dense<9.999999747378752e-06> : tensor<f32> } : () -> tensor<f32>
    %5 = "stablehlo.broadcast_in_dim"(%4) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %6 = "stablehlo.add"(%3, %5) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %7 = "stablehlo.rsqrt"(%6) : (tensor<4xf32>) -> tensor<4xf32>
    %8 = "stablehlo.multiply"(%x1, %7) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %9 = "stablehlo.broadcast_in_dim"(%1) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %10 = "stablehlo.subtract"(%x0, %9) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %11 = "stablehlo.broadcast_in_dim"(%8) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %12 = "stablehlo.multiply"(%10, %11) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %13 = "stablehlo.broadcast_in_dim"(%x2) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %14 = "stablehlo.add"(%12, %13) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %15 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %16 = "stablehlo.broadcast_in_dim"(%15) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x5x5x4xf32>
    %17 = "stablehlo.compare"(%14, %16) {
      compare_type = #stablehlo<comparison_type FLOAT>,
      comparison_direction = #stablehlo<comparison_direction GT>
    } : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xi1>
    %18 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %19 = "stablehlo.broadcast_in_dim"(%18) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x5x5x4xf32>
    %20 = "stablehlo.select"(%17, %x4, %19) : (tensor<2x5x5x4xi1>, tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %21 = "stablehlo.slice"(%x3) {
      limit_indices = array<i64: 2, 4>,
      start_indices = array<i64: 1, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %22 = "stablehlo.reshape"(%21) : (tensor<1x4xf32>) -> tensor<4xf32>
    %23 = "stablehlo.constant"() { value = dense<9.999999747378752e-06> : tensor<f32> } : () -> tensor<f32>
    %24 = "stablehlo.broadcast_in_dim"(%23) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %25 = "stablehlo.add"(%22, %24) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %26 = "stablehlo.rsqrt"(%25) : (tensor<4xf32>) -> tensor<4xf32>
    %27 = "stablehlo.slice"(%x3) {
      limit_indices = array<i64: 1, 4>,
      start_indices = array<i64: 0, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %28 = "stablehlo.reshape"(%27) : (tensor<1x4xf32>) -> tensor<4xf32>
    %29 = "stablehlo.broadcast_in_dim"(%28) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %30 = "stablehlo.subtract"(%x0, %29) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %31 = "stablehlo.slice"(%x5) {
      limit_indices = array<i64: 2, 4>,
      start_indices = array<i64: 1, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %32 = "stablehlo.reshape"(%31) : (tensor<1x4xf32>) -> tensor<4xf32>
    %33 = "stablehlo.constant"() { value = dense<0.019999999552965164> : tensor<f32> } : () -> tensor<f32>
    %34 = "stablehlo.broadcast_in_dim"(%33) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %35 = "stablehlo.multiply"(%32, %34) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %36 = "stablehlo.multiply"(%35, %26) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %37 = "stablehlo.slice"(%x5) {
      limit_indices = array<i64: 1, 4>,
      start_indices = array<i64: 0, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %38 = "stablehlo.reshape"(%37) : (tensor<1x4xf32>) -> tensor<4xf32>
    %39 = "stablehlo.constant"() { value = dense<0.019999999552965164> : tensor<f32> } : () -> tensor<f32>
    %40 = "stablehlo.broadcast_in_dim"(%39) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %41 = "stablehlo.multiply"(%38, %40) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %42 = "stablehlo.broadcast_in_dim"(%41) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %43 = "stablehlo.subtract"(%20, %42) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %44 = "stablehlo.broadcast_in_dim"(%36) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %45 = "stablehlo.multiply"(%30, %44) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %46 = "stablehlo.subtract"(%43, %45) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %47 = "stablehlo.multiply"(%x1, %26) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %48 = "stablehlo.broadcast_in_dim"(%47) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %49 = "stablehlo.multiply"(%46, %48) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    "stablehlo.return"(%49) : (tensor<2x5x5x4xf32>) -> ()
  }
}

// layer norm
module @case {
  func.func @main(%x0: tensor<2x3x3x4xf32>, %x1: tensor<4xf32>, %x2: tensor<4xf32>) -> tensor<2x3x3x4xf32> {
    %0 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %2 = "stablehlo.reduce"(%x0, %0) ({
      ^reductionFn(%arg3: tensor<f32>, %arg4: tensor<f32>) :
          %1 = "stablehlo.add"(%arg3, %arg4) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%1) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 3> } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<2x3x3xf32>
    %3 = "stablehlo.constant"() { value = dense<0.25> : tensor<f32> } : () -> tensor<f32>
    %4 = "stablehlo.broadcast_in_dim"(%3) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3x3xf32>
    %5 = "stablehlo.multiply"(%2, %4) : (tensor<2x3x3xf32>, tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
    %6 = "stablehlo.broadcast_in_dim"(%5) { broadcast_dimensions = array<i64: 0, 1, 2> } : (tensor<2x3x3xf32>) -> tensor<2x3x3x4xf32>
    %7 = "stablehlo.subtract"(%x0, %6) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %8 = "stablehlo.multiply"(%7, %7) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %9 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %11 = "stablehlo.reduce"(%8, %9) ({
      ^reductionFn(%arg5: tensor<f32>, %arg6: tensor<f32>) :
          %10 = "stablehlo.add"(%arg5, %arg6) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%10) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 3> } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<2x3x3xf32>
    %12 = "stablehlo.constant"() { value = dense<0.25> : tensor<f32> } : () -> tensor<f32>
    %13 = "stablehlo.broadcast_in_dim"(%12) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3x3xf32>
    %14 = "stablehlo.multiply"(%11, %13) : (tensor<2x3x3xf32>, tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
    %15 = "stablehlo.constant"() { value = dense<9.999999974752427e-07> : tensor<f32> } : () -> tensor<f32>
    %16 = "stablehlo.broadcast_in_dim"(%15) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3x3xf32>
    %17 = "stablehlo.add"(%14, %16) : (tensor<2x3x3xf32>, tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
    %18 = "stablehlo.rsqrt"(%17) : (tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
    %19 = "stablehlo.broadcast_in_dim"(%18) { broadcast_dimensions = array<i64: 0, 1, 2> } : (tensor<2x3x3xf32>) -> tensor<2x3x3x4xf32>
    %20 = "stablehlo.multiply"(%7, %19) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %21 = "stablehlo.broadcast_in_dim"(%x1) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x3x3x4xf32>
    %22 = "stablehlo.multiply"(%20, %21) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %23 = "stablehlo.broadcast_in_dim"(%x2) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x3x3x4xf32>
    %24 = "stablehlo.add"(%22, %23) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    "stablehlo.return"(%24) : (tensor<2x3x3x4xf32>) -> ()
  }
}

// layer norm input grad
module @case {
  func.func @main(%x0: tensor<2x3x3x4xf32>, %x1: tensor<4xf32>, %x2: tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32> {
    %0 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %2 = "stablehlo.reduce"(%x0, %0) ({
      ^reductionFn(%arg3: tensor<f32>, %arg4: tensor<f32>) :
          %1 = "stablehlo.add"(%arg3, %arg4) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%1) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 3> } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<2x3x3xf32>
    %3 = "stablehlo.constant"() { value = dense<0.25> : tensor<f32> } : () -> tensor<f32>
    %4 = "stablehlo.broadcast_in_dim"(%3) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3x3xf32>
    %5 = "stablehlo.multiply"(%2, %4) : (tensor<2x3x3xf32>, tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
    %6 = "stablehlo.broadcast_in_dim"(%5) { broadcast_dimensions = array<i64: 0, 1, 2> } : (tensor<2x3x3xf32>) -> tensor<2x3x3x4xf32>
    %7 = "stablehlo.subtract"(%x0, %6) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %8 = "stablehlo.multiply"(%7, %7) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %9 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %11 = "stablehlo.reduce"(%8, %9) ({
      ^reductionFn(%arg5: tensor<f32>, %arg6: tensor<f32>) :
          %10 = "stablehlo.add"(%arg5, %arg6) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%10) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 3> } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<2x3x3xf32>
    %12 = "stablehlo.constant"() { value = dense<0.25> : tensor<f32> } : () -> tensor<f32>
    %13 = "stablehlo.broadcast_in_dim"(%12) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3x3xf32>
    %14 = "stablehlo.multiply"(%11, %13) : (tensor<2x3x3xf32>, tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
    %15 = "stablehlo.constant"() { value = dense<9.999999974752427e-07> : tensor<f32> } : () -> tensor<f32>
    %16 = "stablehlo.broadcast_in_dim"(%15) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3x3xf32>
    %17 = "stablehlo.add"(%14, %16) : (tensor<2x3x3xf32>, tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
    %18 = "stablehlo.rsqrt"(%17) : (tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
    %19 = "stablehlo.broadcast_in_dim"(%18) { broadcast_dimensions = array<i64: 0, 1, 2> } : (tensor<2x3x3xf32>) -> tensor<2x3x3x4xf32>
    %20 = "stablehlo.multiply"(%7, %19) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %21 = "stablehlo.broadcast_in_dim"(%x1) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x3x3x4xf32>
    %22 = "stablehlo.multiply"(%x2, %21) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %23 = "stablehlo.multiply"(%22, %20) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %24 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %26 = "stablehlo.reduce"(%23, %24) ({
      ^reductionFn(%arg7: tensor<f32>, %arg8: tensor<f32>) :
          %25 = "stablehlo.add"(%arg7, %arg8) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%25) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 3> } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<2x3x3xf32>
    %27 = "stablehlo.constant"() { value = dense<0.25> : tensor<f32> } : () -> tensor<f32>
    %28 = "stablehlo.broadcast_in_dim"(%27) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3x3xf32>
    %29 = "stablehlo.multiply"(%26, %28) : (tensor<2x3x3xf32>, tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
    %30 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %32 = "stablehlo.reduce"(%22, %30) ({
      ^reductionFn(%arg9: tensor<f32>, %arg10: tensor<f32>) :
          %31 = "stablehlo.add"(%arg9, %arg10) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%31) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 3> } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<2x3x3xf32>
    %33 = "stablehlo.constant"() { value = dense<0.25> : tensor<f32> } : () -> tensor<f32>
    %34 = "stablehlo.broadcast_in_dim"(%33) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3x3xf32>
    %35 = "stablehlo.multiply"(%32, %34) : (tensor<2x3x3xf32>, tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
    %36 = "stablehlo.broadcast_in_dim"(%35) { broadcast_dimensions = array<i64: 0, 1, 2> } : (tensor<2x3x3xf32>) -> tensor<2x3x3x4xf32>
    %37 = "stablehlo.subtract"(%22, %36) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %38 = "stablehlo.broadcast_in_dim"(%29) { broadcast_dimensions = array<i64: 0, 1, 2> } : (tensor<2x3x3xf32>) -> tensor<2x3x3x4xf32>
    %39 = "stablehlo.multiply"(%20, %38) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %40 = "stablehlo.subtract"(%37, %39) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %41 = "stablehlo.broadcast_in_dim"(%18) { broadcast_dimensions = array<i64: 0, 1, 2> } : (tensor<2x3x3xf32>) -> tensor<2x3x3x4xf32>
    %42 = "stablehlo.multiply"(%40, %41) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    "stablehlo.return"(%42) : (tensor<2x3x3x4xf32>) -> ()
  }
}

// layer norm sums
module @case {
  func.func @main(%x0: tensor<2x3x3x4xf32>, %x1: tensor<2x3x3x4xf32>) -> tensor<2x4xf32> {
    %0 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %2 = "stablehlo.reduce"(%x0, %0) ({
      ^reductionFn(%arg2: tensor<f32>, %arg3: tensor<f32>) :
          %1 = "stablehlo.add"(%arg2, %arg3) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%1) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 3> } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<2x3x3xf32>
    %3 = "stablehlo.constant"() { value = dense<0.25> : tensor<f32> } : () -> tensor<f32>
    %4 = "stablehlo.broadcast_in_dim"(%3) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3x3xf32>
    %5 = "stablehlo.multiply"(%2, %4) : (tensor<2x3x3xf32>, tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
    %6 = "stablehlo.broadcast_in_dim"(%5) { broadcast_dimensions = array<i64: 0, 1, 2> } : (tensor<2x3x3xf32>) -> tensor<2x3x3x4xf32>
    %7 = "stablehlo.subtract"(%x0, %6) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %8 = "stablehlo.multiply"(%7, %7) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %9 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %11 = "stablehlo.reduce"(%8, %9) ({
      ^reductionFn(%arg4: tensor<f32>, %arg5: tensor<f32>) :
          %10 = "stablehlo.add"(%arg4, %arg5) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%10) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 3> } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<2x3x3xf32>
    %12 = "stablehlo.constant"() { value = dense<0.25> : tensor<f32> } : () -> tensor<f32>
    %13 = "stablehlo.broadcast_in_dim"(%12) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3x3xf32>
    %14 = "stablehlo.multiply"(%11, %13) : (tensor<2x3x3xf32>, tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
    %15 = "stablehlo.constant"() { value = dense<9.999999974752427e-07> : tensor<f32> } : () -> tensor<f32>
    %16 = "stablehlo.broadcast_in_dim"(%15) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3x3xf32>
    %17 = "stablehlo.add"(%14, %16) : (tensor<2x3x3xf32>, tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
    %18 = "stablehlo.rsqrt"(%17) : (tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
    %19 = "stablehlo.broadcast_in_dim"(%18) { broadcast_dimensions = array<i64: 0, 1, 2> } : (tensor<2x3x3xf32>) -> tensor<2x3x3x4xf32>
    %20 = "stablehlo.multiply"(%7, %19) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %21 = "stablehlo.multiply"(%x1, %20) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %22 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %24 = "stablehlo.reduce"(%21, %22) ({
      ^reductionFn(%arg6: tensor<f32>, %arg7: tensor<f32>) :
          %23 = "stablehlo.add"(%arg6, %arg7) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%23) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2> } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<4xf32>
    %25 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %27 = "stablehlo.reduce"(%x1, %25) ({
      ^reductionFn(%arg8: tensor<f32>, %arg9: tensor<f32>) :
          %26 = "stablehlo.add"(%arg8, %arg9) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%26) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2> } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<4xf32>
    %28 = "stablehlo.reshape"(%24) : (tensor<4xf32>) -> tensor<1x4xf32>
    %29 = "stablehlo.reshape"(%27) : (tensor<4xf32>) -> tensor<1x4xf32>
    %30 = "stablehlo.concatenate"(%28, %29) { dimension = 0 : i64 } : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<2x4xf32>
    "stablehlo.return"(%30) : (tensor<2x4xf32>) -> ()
  }
}

// max pool
module @case {
  func.func @main(%x0: tensor<2x6x6x4xf32>) -> tensor<2x3x3x4xf32> {
    %0 = "stablehlo.constant"() { value = dense<0xff800000> : tensor<f32> } : () -> tensor<f32>
    %1 = "stablehlo.pad"(%x0, %0) {
      edge_padding_high = array<i64: 0, 1, 1, 0>,
      edge_padding_low = array<i64: 0, 1, 1, 0>,
      interior_padding = array<i64: 0, 0, 0, 0>
    } : (tensor<2x6x6x4xf32>, tensor<f32>) -> tensor<2x8x8x4xf32>
    %2 = "stablehlo.slice"(%1) {
      limit_indices = array<i64: 2, 5, 5, 4>,
      start_indices = array<i64: 0, 0, 0, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xf32>) -> tensor<2x3x3x4xf32>
    %3 = "stablehlo.slice"(%1) {
      limit_indices = array<i64: 2, 5, 6, 4>,
      start_indices = array<i64: 0, 0, 1, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xf32>) -> tensor<2x3x3x4xf32>
    %4 = "stablehlo.slice"(%1) {
      limit_indices = array<i64: 2, 5, 7, 4>,
      start_indices = array<i64: 0, 0, 2, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xf32>) -> tensor<2x3x3x4xf32>
    %5 = "stablehlo.slice"(%1) {
      limit_indices = array<i64: 2, 6, 5, 4>,
      start_indices = array<i64: 0, 1, 0, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xf32>) -> tensor<2x3x3x4xf32>
    %6 = "stablehlo.slice"(%1) {
      limit_indices = array<i64: 2, 6, 6, 4>,
      start_indices = array<i64: 0, 1, 1, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xf32>) -> tensor<2x3x3x4xf32>
    %7 = "stablehlo.slice"(%1) {
      limit_indices = array<i64: 2, 6, 7, 4>,
      start_indices = array<i64: 0, 1, 2, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xf32>) -> tensor<2x3x3x4xf32>
    %8 = "stablehlo.slice"(%1) {
      limit_indices = array<i64: 2, 7, 5, 4>,
      start_indices = array<i64: 0, 2, 0, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xf32>) -> tensor<2x3x3x4xf32>
    %9 = "stablehlo.slice"(%1) {
      limit_indices = array<i64: 2, 7, 6, 4>,
      start_indices = array<i64: 0, 2, 1, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xf32>) -> tensor<2x3x3x4xf32>
    %10 = "stablehlo.slice"(%1) {
      limit_indices = array<i64: 2, 7, 7, 4>,
      start_indices = array<i64: 0, 2, 2, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xf32>) -> tensor<2x3x3x4xf32>
    %11 = "stablehlo.maximum"(%2, %3) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %12 = "stablehlo.maximum"(%11, %4) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %13 = "stablehlo.maximum"(%12, %5) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %14 = "stablehlo.maximum"(%13, %6) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %15 = "stablehlo.maximum"(%14, %7) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %16 = "stablehlo.maximum"(%15, %8) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %17 = "stablehlo.maximum"(%16, %9) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %18 = "stablehlo.maximum"(%17, %10) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    "stablehlo.return"(%18) : (tensor<2x3x3x4xf32>) -> ()
  }
}

// max pool grad
module @case {
  func.func @main(%x0: tensor<2x6x6x4xf32>, %x1: tensor<2x3x3x4xf32>, %x2: tensor<2x3x3x4xf32>) -> tensor<2x6x6x4xf32> {
    %0 = "stablehlo.constant"() { value = dense<0xff800000> : tensor<f32> } : () -> tensor<f32>
    %1 = "stablehlo.pad"(%x0, %0) {
      edge_padding_high = array<i64: 0, 1, 1, 0>,
      edge_padding_low = array<i64: 0, 1, 1, 0>,
      interior_padding = array<i64: 0, 0, 0, 0>
    } : (tensor<2x6x6x4xf32>, tensor<f32>) -> tensor<2x8x8x4xf32>
    %2 = "stablehlo.slice"(%1) {
      limit_indices = array<i64: 2, 5, 5, 4>,
      start_indices = array<i64: 0, 0, 0, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xf32>) -> tensor<2x3x3x4xf32>
    %3 = "stablehlo.slice"(%1) {
      limit_indices = array<i64: 2, 5, 6, 4>,
      start_indices = array<i64: 0, 0, 1, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xf32>) -> tensor<2x3x3x4xf32>
    %4 = "stablehlo.slice"(%1) {
      limit_indices = array<i64: 2, 5, 7, 4>,
      start_indices = array<i64: 0, 0, 2, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xf32>) -> tensor<2x3x3x4xf32>
    %5 = "stablehlo.slice"(%1) {
      limit_indices = array<i64: 2, 6, 5, 4>,
      start_indices = array<i64: 0, 1, 0, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xf32>) -> tensor<2x3x3x4xf32>
    %6 = "stablehlo.slice"(%1) {
      limit_indices = array<i64: 2, 6, 6, 4>,
      start_indices = array<i64: 0, 1, 1, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xf32>) -> tensor<2x3x3x4xf32>
    %7 = "stablehlo.slice"(%1) {
      limit_indices = array<i64: 2, 6, 7, 4>,
      start_indices = array<i64: 0, 1, 2, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xf32>) -> tensor<2x3x3x4xf32>
    %8 = "stablehlo.slice"(%1) {
      limit_indices = array<i64: 2, 7, 5, 4>,
      start_indices = array<i64: 0, 2, 0, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xf32>) -> tensor<2x3x3x4xf32>
    %9 = "stablehlo.slice"(%1) {
      limit_indices = array<i64: 2, 7, 6, 4>,
      start_indices = array<i64: 0, 2, 1, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xf32>) -> tensor<2x3x3x4xf32>
    %10 = "stablehlo.slice"(%1) {
      limit_indices = array<i64: 2, 7, 7, 4>,
      start_indices = array<i64: 0, 2, 2, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xf32>) -> tensor<2x3x3x4xf32>
    %11 = "stablehlo.compare"(%2, %x1) {
      compare_type = #stablehlo<comparison_type FLOAT>,
      comparison_direction = #stablehlo<comparison_direction EQ>
    } : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xi1>
    %12 = "stablehlo.not"(%11) : (tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %13 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %14 = "stablehlo.broadcast_in_dim"(%13) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3x3x4xf32>
    %15 = "stablehlo.select"(%11, %x2, %14) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %16 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %17 = "stablehlo.pad"(%15, %16) {
      edge_padding_high = array<i64: 0, 3, 3, 0>,
      edge_padding_low = array<i64: 0, 0, 0, 0>,
      interior_padding = array<i64: 0, 1, 1, 0>
    } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<2x8x8x4xf32>
    %18 = "stablehlo.compare"(%3, %x1) {
      compare_type = #stablehlo<comparison_type FLOAT>,
      comparison_direction = #stablehlo<comparison_direction EQ>
    } : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xi1>
    %19 = "stablehlo.and"(%18, %12) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %20 = "stablehlo.not"(%19) : (tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %21 = "stablehlo.and"(%12, %20) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %22 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %23 = "stablehlo.broadcast_in_dim"(%22) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3x3x4xf32>
    %24 = "stablehlo.select"(%19, %x2, %23) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %25 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %26 = "stablehlo.pad"(%24, %25) {
      edge_padding_high = array<i64: 0, 3, 2, 0>,
      edge_padding_low = array<i64: 0, 0, 1, 0>,
      interior_padding = array<i64: 0, 1, 1, 0>
    } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<2x8x8x4xf32>
    %27 = "stablehlo.add"(%17, %26) : (tensor<2x8x8x4xf32>, tensor<2x8x8x4xf32>) -> tensor<2x8x8x4xf32>
    %28 = "stablehlo.compare"(%4, %x1) {
      compare_type = #stablehlo<comparison_type FLOAT>,
      comparison_direction = #stablehlo<comparison_direction EQ>
    } : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xi1>
    %29 = "stablehlo.and"(%28, %21) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %30 = "stablehlo.not"(%29) : (tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %31 = "stablehlo.and"(%21, %30) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %32 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %33 = "stablehlo.broadcast_in_dim"(%32) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3x3x4xf32>
    %34 = "stablehlo.select"(%29, %x2, %33) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %35 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %36 = "stablehlo.pad"(%34, %35) {
      edge_padding_high = array<i64: 0, 3, 1, 0>,
      edge_padding_low = array<i64: 0, 0, 2, 0>,
      interior_padding = array<i64: 0, 1, 1, 0>
    } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<2x8x8x4xf32>
    %37 = "stablehlo.add"(%27, %36) : (tensor<2x8x8x4xf32>, tensor<2x8x8x4xf32>) -> tensor<2x8x8x4xf32>
    %38 = "stablehlo.compare"(%5, %x1) {
      compare_type = #stablehlo<comparison_type FLOAT>,
      comparison_direction = #stablehlo<comparison_direction EQ>
    } : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xi1>
    %39 = "stablehlo.and"(%38, %31) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %40 = "stablehlo.not"(%39) : (tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %41 = "stablehlo.and"(%31, %40) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %42 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %43 = "stablehlo.broadcast_in_dim"(%42) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3x3x4xf32>
    %44 = "stablehlo.select"(%39, %x2, %43) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %45 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %46 = "stablehlo.pad"(%44, %45) {
      edge_padding_high = array<i64: 0, 2, 3, 0>,
      edge_padding_low = array<i64: 0, 1, 0, 0>,
      interior_padding = array<i64: 0, 1, 1, 0>
    } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<2x8x8x4xf32>
    %47 = "stablehlo.add"(%37, %46) : (tensor<2x8x8x4xf32>, tensor<2x8x8x4xf32>) -> tensor<2x8x8x4xf32>
    %48 = "stablehlo.compare"(%6, %x1) {
      compare_type = #stablehlo<comparison_type FLOAT>,
      comparison_direction = #stablehlo<comparison_direction EQ>
    } : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xi1>
    %49 = "stablehlo.and"(%48, %41) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %50 = "stablehlo.not"(%49) : (tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %51 = "stablehlo.and"(%41, %50) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %52 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %53 = "stablehlo.broadcast_in_dim"(%52) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3x3x4xf32>
    %54 = "stablehlo.select"(%49, %x2, %53) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %55 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %56 = "stablehlo.pad"(%54, %55) {
      edge_padding_high = array<i64: 0, 2, 2, 0>,
      edge_padding_low = array<i64: 0, 1, 1, 0>,
      interior_padding = array<i64: 0, 1, 1, 0>
    } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<2x8x8x4xf32>
    %57 = "stablehlo.add"(%47, %56) : (tensor<2x8x8x4xf32>, tensor<2x8x8x4xf32>) -> tensor<2x8x8x4xf32>
    %58 = "stablehlo.compare"(%7, %x1) {
      compare_type = #stablehlo<comparison_type FLOAT>,
      comparison_direction = #stablehlo<comparison_direction EQ>
    } : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xi1>
    %59 = "stablehlo.and"(%58, %51) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %60 = "stablehlo.not"(%59) : (tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %61 = "stablehlo.and"(%51, %60) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %62 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %63 = "stablehlo.broadcast_in_dim"(%62) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3x3x4xf32>
    %64 = "stablehlo.select"(%59, %x2, %63) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %65 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %66 = "stablehlo.pad"(%64, %65) {
      edge_padding_high = array<i64: 0, 2, 1, 0>,
      edge_padding_low = array<i64: 0, 1, 2, 0>,
      interior_padding = array<i64: 0, 1, 1, 0>
    } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<2x8x8x4xf32>
    %67 = "stablehlo.add"(%57, %66) : (tensor<2x8x8x4xf32>, tensor<2x8x8x4xf32>) -> tensor<2x8x8x4xf32>
    %68 = "stablehlo.compare"(%8, %x1) {
      compare_type = #stablehlo<comparison_type FLOAT>,
      comparison_direction = #stablehlo<comparison_direction EQ>
    } : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xi1>
    %69 = "stablehlo.and"(%68, %61) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %70 = "stablehlo.not"(%69) : (tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %71 = "stablehlo.and"(%61, %70) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %72 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %73 = "stablehlo.broadcast_in_dim"(%72) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3x3x4xf32>
    %74 = "stablehlo.select"(%69, %x2, %73) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %75 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %76 = "stablehlo.pad"(%74, %75) {
      edge_padding_high = array<i64: 0, 1, 3, 0>,
      edge_padding_low = array<i64: 0, 2, 0, 0>,
      interior_padding = array<i64: 0, 1, 1, 0>
    } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<2x8x8x4xf32>
    %77 = "stablehlo.add"(%67, %76) : (tensor<2x8x8x4xf32>, tensor<2x8x8x4xf32>) -> tensor<2x8x8x4xf32>
    %78 = "stablehlo.compare"(%9, %x1) {
      compare_type = #stablehlo<comparison_type FLOAT>,
      comparison_direction = #stablehlo<comparison_direction EQ>
    } : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xi1>
    %79 = "stablehlo.and"(%78, %71) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %80 = "stablehlo.not"(%79) : (tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %81 = "stablehlo.and"(%71, %80) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %82 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %83 = "stablehlo.broadcast_in_dim"(%82) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3x3x4xf32>
    %84 = "stablehlo.select"(%79, %x2, %83) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %85 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %86 = "stablehlo.pad"(%84, %85) {
      edge_padding_high = array<i64: 0, 1, 2, 0>,
      edge_padding_low = array<i64: 0, 2, 1, 0>,
      interior_padding = array<i64: 0, 1, 1, 0>
    } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<2x8x8x4xf32>
    %87 = "stablehlo.add"(%77, %86) : (tensor<2x8x8x4xf32>, tensor<2x8x8x4xf32>) -> tensor<2x8x8x4xf32>
    %88 = "stablehlo.compare"(%10, %x1) {
      compare_type = #stablehlo<comparison_type FLOAT>,
      comparison_direction = #stablehlo<comparison_direction EQ>
    } : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xi1>
    %89 = "stablehlo.and"(%88, %81) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %90 = "stablehlo.not"(%89) : (tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %91 = "stablehlo.and"(%81, %90) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %92 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %93 = "stablehlo.broadcast_in_dim"(%92) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3x3x4xf32>
    %94 = "stablehlo.select"(%89, %x2, %93) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %95 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %96 = "stablehlo.pad"(%94, %95) {
      edge_padding_high = array<i64: 0, 1, 1, 0>,
      edge_padding_low = array<i64: 0, 2, 2, 0>,
      interior_padding = array<i64: 0, 1, 1, 0>
    } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<2x8x8x4xf32>
    %97 = "stablehlo.add"(%87, %96) : (tensor<2x8x8x4xf32>, tensor<2x8x8x4xf32>) -> tensor<2x8x8x4xf32>
    %98 = "stablehlo.slice"(%97) {
      limit_indices = array<i64: 2, 7, 7, 4>,
      start_indices = array<i64: 0, 1, 1, 0>,
      strides = array<i64: 1, 1, 1, 1>
    } : (tensor<2x8x8x4xf32>) -> tensor<2x6x6x4xf32>
    "stablehlo.return"(%98) : (tensor<2x6x6x4xf32>) -> ()
  }
}

// average pool
module @case {
  func.func @main(%x0: tensor<2x5x5x4xf32>) -> tensor<2x4xf32> {
    %0 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %2 = "stablehlo.reduce"(%x0, %0) ({
      ^reductionFn(%arg1: tensor<f32>, %arg2: tensor<f32>) :
          %1 = "stablehlo.add"(%arg1, %arg2) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%1) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 1, 2> } : (tensor<2x5x5x4xf32>, tensor<f32>) -> tensor<2x4xf32>
    %3 = "stablehlo.constant"() { value = dense<0.03999999910593033> : tensor<f32> } : () -> tensor<f32>
    %4 = "stablehlo.broadcast_in_dim"(%3) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x4xf32>
    %5 = "stablehlo.multiply"(%2, %4) : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
    "stablehlo.return"(%5) : (tensor<2x4xf32>) -> ()
  }
}

// average pool grad
module @case {
  func.func @main(%x0: tensor<2x4xf32>) -> tensor<2x5x5x4xf32> {
    %0 = "stablehlo.constant"() { value = dense<0.03999999910593033> : tensor<f32> } : () -> tensor<f32>
    %1 = "stablehlo.broadcast_in_dim"(%0) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x4xf32>
    %2 = "stablehlo.multiply"(%x0, %1) : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
    %3 = "stablehlo.broadcast_in_dim"(%2) { broadcast_dimensions = array<i64: 0, 3> } : (tensor<2x4xf32>) -> tensor<2x5x5x4xf32>
    "stablehlo.return"(%3) : (tensor<2x5x5x4xf32>) -> ()
  }
}

// gate
module @case {
  func.func @main(%x0: tensor<2x5x5x4xf32>, %x1: tensor<2x4xf32>) -> tensor<2x5x5x4xf32> {
    %0 = "stablehlo.broadcast_in_dim"(%x1) { broadcast_dimensions = array<i64: 0, 3> } : (tensor<2x4xf32>) -> tensor<2x5x5x4xf32>
    %1 = "stablehlo.multiply"(%x0, %0) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    "stablehlo.return"(%1) : (tensor<2x5x5x4xf32>) -> ()
  }
}

// gate grad
module @case {
  func.func @main(%x0: tensor<2x5x5x4xf32>, %x1: tensor<2x5x5x4xf32>) -> tensor<2x4xf32> {
    %0 = "stablehlo.multiply"(%x0, %x1) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %1 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %3 = "stablehlo.reduce"(%0, %1) ({
      ^reductionFn(%arg2: tensor<f32>, %arg3: tensor<f32>) :
          %2 = "stablehlo.add"(%arg2, %arg3) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%2) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 1, 2> } : (tensor<2x5x5x4xf32>, tensor<f32>) -> tensor<2x4xf32>
    "stablehlo.return"(%3) : (tensor<2x4xf32>) -> ()
  }
}

// layer scale
module @case {
  func.func @main(%x0: tensor<2x3x3x4xf32>, %x1: tensor<4xf32>) -> tensor<2x3x3x4xf32> {
    %0 = "stablehlo.broadcast_in_dim"(%x1) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x3x3x4xf32>
    %1 = "stablehlo.multiply"(%x0, %0) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    "stablehlo.return"(%1) : (tensor<2x3x3x4xf32>) -> ()
  }
}

// layer scale grad
module @case {
  func.func @main(%x0: tensor<2x3x3x4xf32>, %x1: tensor<2x3x3x4xf32>) -> tensor<4xf32> {
    %0 = "stablehlo.multiply"(%x0, %x1) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %1 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %3 = "stablehlo.reduce"(%0, %1) ({
      ^reductionFn(%arg2: tensor<f32>, %arg3: tensor<f32>) :
          %2 = "stablehlo.add"(%arg2, %arg3) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%2) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2> } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<4xf32>
    "stablehlo.return"(%3) : (tensor<4xf32>) -> ()
  }
}

// sum
module @case {
  func.func @main(%x0: tensor<2x3xf32>, %x1: tensor<2x3xf32>) -> tensor<2x3xf32> {
    %0 = "stablehlo.add"(%x0, %x1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    "stablehlo.return"(%0) : (tensor<2x3xf32>) -> ()
  }
}

// sum of rows
module @case {
  func.func @main(%x0: tensor<2x3x3x4xf32>) -> tensor<4xf32> {
    %0 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %2 = "stablehlo.reduce"(%x0, %0) ({
      ^reductionFn(%arg1: tensor<f32>, %arg2: tensor<f32>) :
          %1 = "stablehlo.add"(%arg1, %arg2) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%1) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2> } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<4xf32>
    "stablehlo.return"(%2) : (tensor<4xf32>) -> ()
  }
}

// row
module @case {
  func.func @main(%x0: tensor<2x4xf32>) -> tensor<4xf32> {
    %0 = "stablehlo.slice"(%x0) {
      limit_indices = array<i64: 2, 4>,
      start_indices = array<i64: 1, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %1 = "stablehlo.reshape"(%0) : (tensor<1x4xf32>) -> tensor<4xf32>
    "stablehlo.return"(%1) : (tensor<4xf32>) -> ()
  }
}

// stack
module @case {
  func.func @main(%x0: tensor<4xf32>, %x1: tensor<4xf32>) -> tensor<2x4xf32> {
    %0 = "stablehlo.reshape"(%x0) : (tensor<4xf32>) -> tensor<1x4xf32>
    %1 = "stablehlo.reshape"(%x1) : (tensor<4xf32>) -> tensor<1x4xf32>
    %2 = "stablehlo.concatenate"(%0, %1) { dimension = 0 : i64 } : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<2x4xf32>
    "stablehlo.return"(%2) : (tensor<2x4xf32>) -> ()
  }
}

// columns
module @case {
  func.func @main(%x0: tensor<2x4xf32>) -> tensor<2x2xf32> {
    %0 = "stablehlo.slice"(%x0) {
      limit_indices = array<i64: 2, 3>,
      start_indices = array<i64: 0, 1>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<2x2xf32>
    "stablehlo.return"(%0) : (tensor<2x2xf32>) -> ()
  }
}

// pad
module @case {
  func.func @main(%x0: tensor<2x2xf32>) -> tensor<2x4xf32> {
    %0 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %1 = "stablehlo.pad"(%x0, %0) {
      edge_padding_high = array<i64: 0, 1>,
      edge_padding_low = array<i64: 0, 1>,
      interior_padding = array<i64: 0, 0>
    } : (tensor<2x2xf32>, tensor<f32>) -> tensor<2x4xf32>
    "stablehlo.return"(%1) : (tensor<2x4xf32>) -> ()
  }
}

// relu
module @case {
  func.func @main(%x0: tensor<2x3xf32>) -> tensor<2x3xf32> {
    %0 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %1 = "stablehlo.broadcast_in_dim"(%0) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3xf32>
    %2 = "stablehlo.maximum"(%x0, %1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    "stablehlo.return"(%2) : (tensor<2x3xf32>) -> ()
  }
}

// relu grad
module @case {
  func.func @main(%x0: tensor<2x3xf32>, %x1: tensor<2x3xf32>) -> tensor<2x3xf32> {
    %0 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %1 = "stablehlo.broadcast_in_dim"(%0) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3xf32>
    %2 = "stablehlo.compare"(%x0, %1) {
      compare_type = #stablehlo<comparison_type FLOAT>,
      comparison_direction = #stablehlo<comparison_direction GT>
    } : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
    %3 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %4 = "stablehlo.broadcast_in_dim"(%3) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3xf32>
    %5 = "stablehlo.select"(%2, %x1, %4) : (tensor<2x3xi1>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    "stablehlo.return"(%5) : (tensor<2x3xf32>) -> ()
  }
}

// gelu
module @case {
  func.func @main(%x0: tensor<2x3xf32>) -> tensor<2x3xf32> {
    %0 = "stablehlo.constant"() { value = dense<0.7071067690849304> : tensor<f32> } : () -> tensor<f32>
    %1 = "stablehlo.broadcast_in_dim"(%0) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3xf32>
    %2 = "stablehlo.multiply"(%x0, %1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %3 = "chlo.erf"(%2) : (tensor<2x3xf32>) -> tensor<2x3xf32>
    %4 = "stablehlo.constant"() { value = dense<1.0> : tensor<f32> } : () -> tensor<f32>
    %5 = "stablehlo.broadcast_in_dim"(%4) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3xf32>
    %6 = "stablehlo.add"(%3, %5) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %7 = "stablehlo.constant"() { value = dense<0.5> : tensor<f32> } : () -> tensor<f32>
    %8 = "stablehlo.broadcast_in_dim"(%7) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3xf32>
    %9 = "stablehlo.multiply"(%6, %8) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %10 = "stablehlo.multiply"(%x0, %9) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    "stablehlo.return"(%10) : (tensor<2x3xf32>) -> ()
  }
}

// gelu grad
module @case {
  func.func @main(%x0: tensor<2x3xf32>, %x1: tensor<2x3xf32>) -> tensor<2x3xf32> {
    %0 = "stablehlo.multiply"(%x0, %x0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %1 = "stablehlo.constant"() { value = dense<-0.5> : tensor<f32> } : () -> tensor<f32>
    %2 = "stablehlo.broadcast_in_dim"(%1) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3xf32>
    %3 = "stablehlo.multiply"(%0, %2) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %4 = "stablehlo.exponential"(%3) : (tensor<2x3xf32>) -> tensor<2x3xf32>
    %5 = "stablehlo.constant"() { value = dense<0.3989422917366028> : tensor<f32> } : () -> tensor<f32>
    %6 = "stablehlo.broadcast_in_dim"(%5) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3xf32>
    %7 = "stablehlo.multiply"(%4, %6) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %8 = "stablehlo.constant"() { value = dense<0.7071067690849304> : tensor<f32> } : () -> tensor<f32>
    %9 = "stablehlo.broadcast_in_dim"(%8) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3xf32>
    %10 = "stablehlo.multiply"(%x0, %9) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %11 = "chlo.erf"(%10) : (tensor<2x3xf32>) -> tensor<2x3xf32>
    %12 = "stablehlo.constant"() { value = dense<1.0> : tensor<f32> } : () -> tensor<f32>
    %13 = "stablehlo.broadcast_in_dim"(%12) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3xf32>
    %14 = "stablehlo.add"(%11, %13) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %15 = "stablehlo.constant"() { value = dense<0.5> : tensor<f32> } : () -> tensor<f32>
    %16 = "stablehlo.broadcast_in_dim"(%15) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3xf32>
    %17 = "stablehlo.multiply"(%14, %16) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %18 = "stablehlo.multiply"(%x0, %7) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %19 = "stablehlo.add"(%17, %18) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %20 = "stablehlo.multiply"(%x1, %19) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    "stablehlo.return"(%20) : (tensor<2x3xf32>) -> ()
  }
}

// silu
module @case {
  func.func @main(%x0: tensor<2x3xf32>) -> tensor<2x3xf32> {
    %0 = "stablehlo.logistic"(%x0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
    %1 = "stablehlo.multiply"(%x0, %0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    "stablehlo.return"(%1) : (tensor<2x3xf32>) -> ()
  }
}

// silu grad
module @case {
  func.func @main(%x0: tensor<2x3xf32>, %x1: tensor<2x3xf32>) -> tensor<2x3xf32> {
    %0 = "stablehlo.logistic"(%x0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
    %1 = "stablehlo.multiply"(%x1, %0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %2 = "stablehlo.negate"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
    %3 = "stablehlo.constant"() { value = dense<1.0> : tensor<f32> } : () -> tensor<f32>
    %4 = "stablehlo.broadcast_in_dim"(%3) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3xf32>
    %5 = "stablehlo.add"(%2, %4) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %6 = "stablehlo.multiply"(%x0, %5) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %7 = "stablehlo.constant"() { value = dense<1.0> : tensor<f32> } : () -> tensor<f32>
    %8 = "stablehlo.broadcast_in_dim"(%7) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3xf32>
    %9 = "stablehlo.add"(%6, %8) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %10 = "stablehlo.multiply"(%1, %9) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    "stablehlo.return"(%10) : (tensor<2x3xf32>) -> ()
  }
}

// sigmoid
module @case {
  func.func @main(%x0: tensor<2x3xf32>) -> tensor<2x3xf32> {
    %0 = "stablehlo.logistic"(%x0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
    "stablehlo.return"(%0) : (tensor<2x3xf32>) -> ()
  }
}

// sigmoid grad
module @case {
  func.func @main(%x0: tensor<2x3xf32>, %x1: tensor<2x3xf32>) -> tensor<2x3xf32> {
    %0 = "stablehlo.negate"(%x0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
    %1 = "stablehlo.constant"() { value = dense<1.0> : tensor<f32> } : () -> tensor<f32>
    %2 = "stablehlo.broadcast_in_dim"(%1) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3xf32>
    %3 = "stablehlo.add"(%0, %2) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %4 = "stablehlo.multiply"(%x0, %3) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %5 = "stablehlo.multiply"(%x1, %4) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    "stablehlo.return"(%5) : (tensor<2x3xf32>) -> ()
  }
}

// cross-entropy
module @case {
  func.func @main(%x0: tensor<4x3xf32>, %x1: tensor<4xf32>) -> tensor<f32> {
    %0 = "stablehlo.constant"() { value = dense<0xff800000> : tensor<f32> } : () -> tensor<f32>
    %2 = "stablehlo.reduce"(%x0, %0) ({
      ^reductionFn(%arg2: tensor<f32>, %arg3: tensor<f32>) :
          %1 = "stablehlo.maximum"(%arg2, %arg3) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%1) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 1> } : (tensor<4x3xf32>, tensor<f32>) -> tensor<4xf32>
    %3 = "stablehlo.broadcast_in_dim"(%2) { broadcast_dimensions = array<i64: 0> } : (tensor<4xf32>) -> tensor<4x3xf32>
    %4 = "stablehlo.subtract"(%x0, %3) : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
    %5 = "stablehlo.iota"() { iota_dimension = 1 : i64 } : () -> tensor<4x3xi32>
    %6 = "stablehlo.convert"(%x1) : (tensor<4xf32>) -> tensor<4xi32>
    %7 = "stablehlo.broadcast_in_dim"(%6) { broadcast_dimensions = array<i64: 0> } : (tensor<4xi32>) -> tensor<4x3xi32>
    %8 = "stablehlo.compare"(%5, %7) {
      compare_type = #stablehlo<comparison_type SIGNED>,
      comparison_direction = #stablehlo<comparison_direction EQ>
    } : (tensor<4x3xi32>, tensor<4x3xi32>) -> tensor<4x3xi1>
    %9 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %10 = "stablehlo.broadcast_in_dim"(%9) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4x3xf32>
    %11 = "stablehlo.select"(%8, %4, %10) : (tensor<4x3xi1>, tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
    %12 = "stablehlo.exponential"(%4) : (tensor<4x3xf32>) -> tensor<4x3xf32>
    %13 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %15 = "stablehlo.reduce"(%12, %13) ({
      ^reductionFn(%arg4: tensor<f32>, %arg5: tensor<f32>) :
          %14 = "stablehlo.add"(%arg4, %arg5) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%14) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 1> } : (tensor<4x3xf32>, tensor<f32>) -> tensor<4xf32>
    %16 = "stablehlo.log"(%15) : (tensor<4xf32>) -> tensor<4xf32>
    %17 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %19 = "stablehlo.reduce"(%11, %17) ({
      ^reductionFn(%arg6: tensor<f32>, %arg7: tensor<f32>) :
          %18 = "stablehlo.add"(%arg6, %arg7) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%18) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 1> } : (tensor<4x3xf32>, tensor<f32>) -> tensor<4xf32>
    %20 = "stablehlo.subtract"(%16, %19) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %21 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %23 = "stablehlo.reduce"(%20, %21) ({
      ^reductionFn(%arg8: tensor<f32>, %arg9: tensor<f32>) :
          %22 = "stablehlo.add"(%arg8, %arg9) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%22) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0> } : (tensor<4xf32>, tensor<f32>) -> tensor<f32>
    %24 = "stablehlo.constant"() { value = dense<0.25> : tensor<f32> } : () -> tensor<f32>
    %25 = "stablehlo.multiply"(%23, %24) : (tensor<f32>, tensor<f32>) -> tensor<f32>
    "stablehlo.return"(%25) : (tensor<f32>) -> ()
  }
}

// cross-entropy grad
module @case {
  func.func @main(%x0: tensor<4x3xf32>, %x1: tensor<4xf32>, %x2: tensor<f32>) -> tensor<4x3xf32> {
    %0 = "stablehlo.constant"() { value = dense<0xff800000> : tensor<f32> } : () -> tensor<f32>
    %2 = "stablehlo.reduce"(%x0, %0) ({
      ^reductionFn(%arg3: tensor<f32>, %arg4: tensor<f32>) :
          %1 = "stablehlo.maximum"(%arg3, %arg4) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%1) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 1> } : (tensor<4x3xf32>, tensor<f32>) -> tensor<4xf32>
    %3 = "stablehlo.broadcast_in_dim"(%2) { broadcast_dimensions = array<i64: 0> } : (tensor<4xf32>) -> tensor<4x3xf32>
    %4 = "stablehlo.subtract"(%x0, %3) : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
    %5 = "stablehlo.exponential"(%4) : (tensor<4x3xf32>) -> tensor<4x3xf32>
    %6 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %8 = "stablehlo.reduce"(%5, %6) ({
      ^reductionFn(%arg5: tensor<f32>, %arg6: tensor<f32>) :
          %7 = "stablehlo.add"(%arg5, %arg6) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%7) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 1> } : (tensor<4x3xf32>, tensor<f32>) -> tensor<4xf32>
    %9 = "stablehlo.broadcast_in_dim"(%8) { broadcast_dimensions = array<i64: 0> } : (tensor<4xf32>) -> tensor<4x3xf32>
    %10 = "stablehlo.divide"(%5, %9) : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
    %11 = "stablehlo.iota"() { iota_dimension = 1 : i64 } : () -> tensor<4x3xi32>
    %12 = "stablehlo.convert"(%x1) : (tensor<4xf32>) -> tensor<4xi32>
    %13 = "stablehlo.broadcast_in_dim"(%12) { broadcast_dimensions = array<i64: 0> } : (tensor<4xi32>) -> tensor<4x3xi32>
    %14 = "stablehlo.compare"(%11, %13) {
      compare_type = #stablehlo<comparison_type SIGNED>,
      comparison_direction = #stablehlo<comparison_direction EQ>
    } : (tensor<4x3xi32>, tensor<4x3xi32>) -> tensor<4x3xi1>
    %15 = "stablehlo.convert"(%14) : (tensor<4x3xi1>) -> tensor<4x3xf32>
    %16 = "stablehlo.constant"() { value = dense<0.25> : tensor<f32> } : () -> tensor<f32>
    %17 = "stablehlo.multiply"(%x2, %16) : (tensor<f32>, tensor<f32>) -> tensor<f32>
    %18 = "stablehlo.subtract"(%10, %15) : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
    %19 = "stablehlo.broadcast_in_dim"(%17) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4x3xf32>
    %20 = "stablehlo.multiply"(%18, %19) : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
    "stablehlo.return"(%20) : (tensor<4x3xf32>) -> ()
  }
}

