// conv 3x3
module @case {
  func.func @main(%x0: tensor<2x5x6x4xbf16>, %x1: tensor<3x3x4x8xf32>) -> tensor<2x5x6x8xbf16> {
    %0 = "stablehlo.convert"(%x1) : (tensor<3x3x4x8xf32>) -> tensor<3x3x4x8xbf16>
    %1 = "stablehlo.convolution"(%x0, %0) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[1, 1], [1, 1]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<2x5x6x4xbf16>, tensor<3x3x4x8xbf16>) -> tensor<2x5x6x8xbf16>
    "stablehlo.return"(%1) : (tensor<2x5x6x8xbf16>) -> ()
  }
}

// conv input grad 3x3
module @case {
  func.func @main(%x0: tensor<2x5x6x8xbf16>, %x1: tensor<3x3x4x8xf32>) -> tensor<2x5x6x4xbf16> {
    %0 = "stablehlo.convert"(%x1) : (tensor<3x3x4x8xf32>) -> tensor<3x3x4x8xbf16>
    %1 = "stablehlo.reverse"(%0) { dimensions = array<i64: 0, 1> } : (tensor<3x3x4x8xbf16>) -> tensor<3x3x4x8xbf16>
    %2 = "stablehlo.convolution"(%x0, %1) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[1, 1], [1, 1]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<2x5x6x8xbf16>, tensor<3x3x4x8xbf16>) -> tensor<2x5x6x4xbf16>
    "stablehlo.return"(%2) : (tensor<2x5x6x4xbf16>) -> ()
  }
}

// conv weight grad 3x3
module @case {
  func.func @main(%x0: tensor<2x5x6x4xbf16>, %x1: tensor<2x5x6x8xbf16>) -> tensor<3x3x4x8xf32> {
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
    } : (tensor<2x5x6x4xbf16>, tensor<2x5x6x8xbf16>) -> tensor<3x3x4x8xbf16>
    %1 = "stablehlo.convert"(%0) : (tensor<3x3x4x8xbf16>) -> tensor<3x3x4x8xf32>
    "stablehlo.return"(%1) : (tensor<3x3x4x8xf32>) -> ()
  }
}

// conv 7x7 stride 2
module @case {
  func.func @main(%x0: tensor<2x10x10x3xbf16>, %x1: tensor<7x7x3x8xf32>) -> tensor<2x5x5x8xbf16> {
    %0 = "stablehlo.convert"(%x1) : (tensor<7x7x3x8xf32>) -> tensor<7x7x3x8xbf16>
    %1 = "stablehlo.convolution"(%x0, %0) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[3, 3], [3, 3]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 2, 2>
    } : (tensor<2x10x10x3xbf16>, tensor<7x7x3x8xbf16>) -> tensor<2x5x5x8xbf16>
    "stablehlo.return"(%1) : (tensor<2x5x5x8xbf16>) -> ()
  }
}

// conv input grad 7x7 stride 2
module @case {
  func.func @main(%x0: tensor<2x5x5x8xbf16>, %x1: tensor<7x7x3x8xf32>) -> tensor<2x10x10x3xbf16> {
    %0 = "stablehlo.convert"(%x1) : (tensor<7x7x3x8xf32>) -> tensor<7x7x3x8xbf16>
    %1 = "stablehlo.reverse"(%0) { dimensions = array<i64: 0, 1> } : (tensor<7x7x3x8xbf16>) -> tensor<7x7x3x8xbf16>
    %2 = "stablehlo.convolution"(%x0, %1) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 2, 2>,
      padding = dense<[[3, 4], [3, 4]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<2x5x5x8xbf16>, tensor<7x7x3x8xbf16>) -> tensor<2x10x10x3xbf16>
    "stablehlo.return"(%2) : (tensor<2x10x10x3xbf16>) -> ()
  }
}

// conv weight grad 7x7 stride 2
module @case {
  func.func @main(%x0: tensor<2x10x10x3xbf16>, %x1: tensor<2x5x5x8xbf16>) -> tensor<7x7x3x8xf32> {
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
    } : (tensor<2x10x10x3xbf16>, tensor<2x5x5x8xbf16>) -> tensor<7x7x3x8xbf16>
    %1 = "stablehlo.convert"(%0) : (tensor<7x7x3x8xbf16>) -> tensor<7x7x3x8xf32>
    "stablehlo.return"(%1) : (tensor<7x7x3x8xf32>) -> ()
  }
}

// conv 1x1
module @case {
  func.func @main(%x0: tensor<2x5x5x4xbf16>, %x1: tensor<1x1x4x8xf32>) -> tensor<2x5x5x8xbf16> {
    %0 = "stablehlo.convert"(%x1) : (tensor<1x1x4x8xf32>) -> tensor<1x1x4x8xbf16>
    %1 = "stablehlo.reshape"(%x0) : (tensor<2x5x5x4xbf16>) -> tensor<50x4xbf16>
    %2 = "stablehlo.reshape"(%0) : (tensor<1x1x4x8xbf16>) -> tensor<4x8xbf16>
    %3 = "stablehlo.dot_general"(%1, %2) {
      dot_dimension_numbers = #stablehlo.dot<
  lhs_batching_dimensions = [],
  rhs_batching_dimensions = [],
  lhs_contracting_dimensions = [1],
  rhs_contracting_dimensions = [0]
>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]
    } : (tensor<50x4xbf16>, tensor<4x8xbf16>) -> tensor<50x8xbf16>
    %4 = "stablehlo.reshape"(%3) : (tensor<50x8xbf16>) -> tensor<2x5x5x8xbf16>
    "stablehlo.return"(%4) : (tensor<2x5x5x8xbf16>) -> ()
  }
}

// conv input grad 1x1
module @case {
  func.func @main(%x0: tensor<2x5x5x8xbf16>, %x1: tensor<1x1x4x8xf32>) -> tensor<2x5x5x4xbf16> {
    %0 = "stablehlo.convert"(%x1) : (tensor<1x1x4x8xf32>) -> tensor<1x1x4x8xbf16>
    %1 = "stablehlo.reshape"(%x0) : (tensor<2x5x5x8xbf16>) -> tensor<50x8xbf16>
    %2 = "stablehlo.reshape"(%0) : (tensor<1x1x4x8xbf16>) -> tensor<4x8xbf16>
    %3 = "stablehlo.dot_general"(%1, %2) {
      dot_dimension_numbers = #stablehlo.dot<
  lhs_batching_dimensions = [],
  rhs_batching_dimensions = [],
  lhs_contracting_dimensions = [1],
  rhs_contracting_dimensions = [1]
>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]
    } : (tensor<50x8xbf16>, tensor<4x8xbf16>) -> tensor<50x4xbf16>
    %4 = "stablehlo.reshape"(%3) : (tensor<50x4xbf16>) -> tensor<2x5x5x4xbf16>
    "stablehlo.return"(%4) : (tensor<2x5x5x4xbf16>) -> ()
  }
}

// conv weight grad 1x1
module @case {
  func.func @main(%x0: tensor<2x5x5x4xbf16>, %x1: tensor<2x5x5x8xbf16>) -> tensor<1x1x4x8xf32> {
    %0 = "stablehlo.reshape"(%x0) : (tensor<2x5x5x4xbf16>) -> tensor<50x4xbf16>
    %1 = "stablehlo.reshape"(%x1) : (tensor<2x5x5x8xbf16>) -> tensor<50x8xbf16>
    %2 = "stablehlo.dot_general"(%0, %1) {
      dot_dimension_numbers = #stablehlo.dot<
  lhs_batching_dimensions = [],
  rhs_batching_dimensions = [],
  lhs_contracting_dimensions = [0],
  rhs_contracting_dimensions = [0]
>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]
    } : (tensor<50x4xbf16>, tensor<50x8xbf16>) -> tensor<4x8xf32>
    %3 = "stablehlo.reshape"(%2) : (tensor<4x8xf32>) -> tensor<1x1x4x8xf32>
    "stablehlo.return"(%3) : (tensor<1x1x4x8xf32>) -> ()
  }
}

// conv 1x1 stride 2
module @case {
  func.func @main(%x0: tensor<2x5x5x4xbf16>, %x1: tensor<1x1x4x8xf32>) -> tensor<2x3x3x8xbf16> {
    %0 = "stablehlo.convert"(%x1) : (tensor<1x1x4x8xf32>) -> tensor<1x1x4x8xbf16>
    %1 = "stablehlo.convolution"(%x0, %0) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[0, 0], [0, 0]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 2, 2>
    } : (tensor<2x5x5x4xbf16>, tensor<1x1x4x8xbf16>) -> tensor<2x3x3x8xbf16>
    "stablehlo.return"(%1) : (tensor<2x3x3x8xbf16>) -> ()
  }
}

// conv input grad 1x1 stride 2
module @case {
  func.func @main(%x0: tensor<2x3x3x8xbf16>, %x1: tensor<1x1x4x8xf32>) -> tensor<2x5x5x4xbf16> {
    %0 = "stablehlo.convert"(%x1) : (tensor<1x1x4x8xf32>) -> tensor<1x1x4x8xbf16>
    %1 = "stablehlo.reverse"(%0) { dimensions = array<i64: 0, 1> } : (tensor<1x1x4x8xbf16>) -> tensor<1x1x4x8xbf16>
    %2 = "stablehlo.convolution"(%x0, %1) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 2, 2>,
      padding = dense<[[0, 0], [0, 0]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<2x3x3x8xbf16>, tensor<1x1x4x8xbf16>) -> tensor<2x5x5x4xbf16>
    "stablehlo.return"(%2) : (tensor<2x5x5x4xbf16>) -> ()
  }
}

// conv weight grad 1x1 stride 2
module @case {
  func.func @main(%x0: tensor<2x5x5x4xbf16>, %x1: tensor<2x3x3x8xbf16>) -> tensor<1x1x4x8xf32> {
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
    } : (tensor<2x5x5x4xbf16>, tensor<2x3x3x8xbf16>) -> tensor<1x1x4x8xbf16>
    %1 = "stablehlo.convert"(%0) : (tensor<1x1x4x8xbf16>) -> tensor<1x1x4x8xf32>
    "stablehlo.return"(%1) : (tensor<1x1x4x8xf32>) -> ()
  }
}

// conv depthwise 3x3
module @case {
  func.func @main(%x0: tensor<2x5x5x4xbf16>, %x1: tensor<3x3x1x4xf32>) -> tensor<2x5x5x4xbf16> {
    %0 = "stablehlo.convert"(%x1) : (tensor<3x3x1x4xf32>) -> tensor<3x3x1x4xbf16>
    %1 = "stablehlo.convolution"(%x0, %0) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>,
      feature_group_count = 4 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[1, 1], [1, 1]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<2x5x5x4xbf16>, tensor<3x3x1x4xbf16>) -> tensor<2x5x5x4xbf16>
    "stablehlo.return"(%1) : (tensor<2x5x5x4xbf16>) -> ()
  }
}

// conv input grad depthwise 3x3
module @case {
  func.func @main(%x0: tensor<2x5x5x4xbf16>, %x1: tensor<3x3x1x4xf32>) -> tensor<2x5x5x4xbf16> {
    %0 = "stablehlo.convert"(%x1) : (tensor<3x3x1x4xf32>) -> tensor<3x3x1x4xbf16>
    %1 = "stablehlo.reshape"(%0) : (tensor<3x3x1x4xbf16>) -> tensor<3x3x1x4x1xbf16>
    %2 = "stablehlo.transpose"(%1) { permutation = array<i64: 0, 1, 3, 2, 4> } : (tensor<3x3x1x4x1xbf16>) -> tensor<3x3x4x1x1xbf16>
    %3 = "stablehlo.reshape"(%2) : (tensor<3x3x4x1x1xbf16>) -> tensor<3x3x4x1xbf16>
    %4 = "stablehlo.reverse"(%3) { dimensions = array<i64: 0, 1> } : (tensor<3x3x4x1xbf16>) -> tensor<3x3x4x1xbf16>
    %5 = "stablehlo.convolution"(%x0, %4) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f]>,
      feature_group_count = 4 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[1, 1], [1, 1]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<2x5x5x4xbf16>, tensor<3x3x4x1xbf16>) -> tensor<2x5x5x4xbf16>
    "stablehlo.return"(%5) : (tensor<2x5x5x4xbf16>) -> ()
  }
}

// conv weight grad depthwise 3x3
module @case {
  func.func @main(%x0: tensor<2x5x5x4xbf16>, %x1: tensor<2x5x5x4xbf16>) -> tensor<3x3x1x4xf32> {
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
    } : (tensor<2x5x5x4xbf16>, tensor<2x5x5x4xbf16>) -> tensor<3x3x1x4xbf16>
    %1 = "stablehlo.convert"(%0) : (tensor<3x3x1x4xbf16>) -> tensor<3x3x1x4xf32>
    "stablehlo.return"(%1) : (tensor<3x3x1x4xf32>) -> ()
  }
}

// conv depthwise 5x5 stride 2
module @case {
  func.func @main(%x0: tensor<2x6x6x4xbf16>, %x1: tensor<5x5x1x4xf32>) -> tensor<2x3x3x4xbf16> {
    %0 = "stablehlo.convert"(%x1) : (tensor<5x5x1x4xf32>) -> tensor<5x5x1x4xbf16>
    %1 = "stablehlo.convolution"(%x0, %0) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>,
      feature_group_count = 4 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[2, 2], [2, 2]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 2, 2>
    } : (tensor<2x6x6x4xbf16>, tensor<5x5x1x4xbf16>) -> tensor<2x3x3x4xbf16>
    "stablehlo.return"(%1) : (tensor<2x3x3x4xbf16>) -> ()
  }
}

// conv input grad depthwise 5x5 stride 2
module @case {
  func.func @main(%x0: tensor<2x3x3x4xbf16>, %x1: tensor<5x5x1x4xf32>) -> tensor<2x6x6x4xbf16> {
    %0 = "stablehlo.convert"(%x1) : (tensor<5x5x1x4xf32>) -> tensor<5x5x1x4xbf16>
    %1 = "stablehlo.reshape"(%0) : (tensor<5x5x1x4xbf16>) -> tensor<5x5x1x4x1xbf16>
    %2 = "stablehlo.transpose"(%1) { permutation = array<i64: 0, 1, 3, 2, 4> } : (tensor<5x5x1x4x1xbf16>) -> tensor<5x5x4x1x1xbf16>
    %3 = "stablehlo.reshape"(%2) : (tensor<5x5x4x1x1xbf16>) -> tensor<5x5x4x1xbf16>
    %4 = "stablehlo.reverse"(%3) { dimensions = array<i64: 0, 1> } : (tensor<5x5x4x1xbf16>) -> tensor<5x5x4x1xbf16>
    %5 = "stablehlo.convolution"(%x0, %4) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f]>,
      feature_group_count = 4 : i64,
      lhs_dilation = array<i64: 2, 2>,
      padding = dense<[[2, 3], [2, 3]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<2x3x3x4xbf16>, tensor<5x5x4x1xbf16>) -> tensor<2x6x6x4xbf16>
    "stablehlo.return"(%5) : (tensor<2x6x6x4xbf16>) -> ()
  }
}

// conv weight grad depthwise 5x5 stride 2
module @case {
  func.func @main(%x0: tensor<2x6x6x4xbf16>, %x1: tensor<2x3x3x4xbf16>) -> tensor<5x5x1x4xf32> {
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
    } : (tensor<2x6x6x4xbf16>, tensor<2x3x3x4xbf16>) -> tensor<5x5x1x4xbf16>
    %1 = "stablehlo.convert"(%0) : (tensor<5x5x1x4xbf16>) -> tensor<5x5x1x4xf32>
    "stablehlo.return"(%1) : (tensor<5x5x1x4xf32>) -> ()
  }
}

// conv grouped stride 2
module @case {
  func.func @main(%x0: tensor<2x6x6x4xbf16>, %x1: tensor<3x3x2x6xf32>) -> tensor<2x3x3x6xbf16> {
    %0 = "stablehlo.convert"(%x1) : (tensor<3x3x2x6xf32>) -> tensor<3x3x2x6xbf16>
    %1 = "stablehlo.convolution"(%x0, %0) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>,
      feature_group_count = 2 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[1, 1], [1, 1]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 2, 2>
    } : (tensor<2x6x6x4xbf16>, tensor<3x3x2x6xbf16>) -> tensor<2x3x3x6xbf16>
    "stablehlo.return"(%1) : (tensor<2x3x3x6xbf16>) -> ()
  }
}

// conv input grad grouped stride 2
module @case {
  func.func @main(%x0: tensor<2x3x3x6xbf16>, %x1: tensor<3x3x2x6xf32>) -> tensor<2x6x6x4xbf16> {
    %0 = "stablehlo.convert"(%x1) : (tensor<3x3x2x6xf32>) -> tensor<3x3x2x6xbf16>
    %1 = "stablehlo.reshape"(%0) : (tensor<3x3x2x6xbf16>) -> tensor<3x3x2x2x3xbf16>
    %2 = "stablehlo.transpose"(%1) { permutation = array<i64: 0, 1, 3, 2, 4> } : (tensor<3x3x2x2x3xbf16>) -> tensor<3x3x2x2x3xbf16>
    %3 = "stablehlo.reshape"(%2) : (tensor<3x3x2x2x3xbf16>) -> tensor<3x3x4x3xbf16>
    %4 = "stablehlo.reverse"(%3) { dimensions = array<i64: 0, 1> } : (tensor<3x3x4x3xbf16>) -> tensor<3x3x4x3xbf16>
    %5 = "stablehlo.convolution"(%x0, %4) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f]>,
      feature_group_count = 2 : i64,
      lhs_dilation = array<i64: 2, 2>,
      padding = dense<[[1, 2], [1, 2]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<2x3x3x6xbf16>, tensor<3x3x4x3xbf16>) -> tensor<2x6x6x4xbf16>
    "stablehlo.return"(%5) : (tensor<2x6x6x4xbf16>) -> ()
  }
}

// conv weight grad grouped stride 2
module @case {
  func.func @main(%x0: tensor<2x6x6x4xbf16>, %x1: tensor<2x3x3x6xbf16>) -> tensor<3x3x2x6xf32> {
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
    } : (tensor<2x6x6x4xbf16>, tensor<2x3x3x6xbf16>) -> tensor<3x3x2x6xbf16>
    %1 = "stablehlo.convert"(%0) : (tensor<3x3x2x6xbf16>) -> tensor<3x3x2x6xf32>
    "stablehlo.return"(%1) : (tensor<3x3x2x6xf32>) -> ()
  }
}

// conv with bias
module @case {
  func.func @main(%x0: tensor<2x5x5x4xbf16>, %x1: tensor<3x3x4x8xf32>, %x2: tensor<8xf32>) -> tensor<2x5x5x8xbf16> {
    %0 = "stablehlo.convert"(%x1) : (tensor<3x3x4x8xf32>) -> tensor<3x3x4x8xbf16>
    %1 = "stablehlo.convolution"(%x0, %0) {
      batch_group_count = 1 : i64,
      dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>,
      feature_group_count = 1 : i64,
      lhs_dilation = array<i64: 1, 1>,
      padding = dense<[[1, 1], [1, 1]]> : tensor<2x2xi64>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>],
      rhs_dilation = array<i64: 1, 1>,
      window_reversal = array<i1: false, false>,
      window_strides = array<i64: 1, 1>
    } : (tensor<2x5x5x4xbf16>, tensor<3x3x4x8xbf16>) -> tensor<2x5x5x8xbf16>
    %2 = "stablehlo.convert"(%1) : (tensor<2x5x5x8xbf16>) -> tensor<2x5x5x8xf32>
    %3 = "stablehlo.convert"(%1) : (tensor<2x5x5x8xbf16>) -> tensor<2x5x5x8xf32>
    %4 = "stablehlo.broadcast_in_dim"(%x2) { broadcast_dimensions = array<i64: 3> } : (tensor<8xf32>) -> tensor<2x5x5x8xf32>
    %5 = "stablehlo.add"(%2, %4) : (tensor<2x5x5x8xf32>, tensor<2x5x5x8xf32>) -> tensor<2x5x5x8xf32>
    %6 = "stablehlo.convert"(%5) : (tensor<2x5x5x8xf32>) -> tensor<2x5x5x8xbf16>
    "stablehlo.return"(%6) : (tensor<2x5x5x8xbf16>) -> ()
  }
}

// linear
module @case {
  func.func @main(%x0: tensor<2x3x3x4xbf16>, %x1: tensor<4x5xf32>, %x2: tensor<5xf32>) -> tensor<2x3x3x5xbf16> {
    %0 = "stablehlo.convert"(%x1) : (tensor<4x5xf32>) -> tensor<4x5xbf16>
    %1 = "stablehlo.reshape"(%x0) : (tensor<2x3x3x4xbf16>) -> tensor<18x4xbf16>
    %2 = "stablehlo.dot_general"(%1, %0) {
      dot_dimension_numbers = #stablehlo.dot<
  lhs_batching_dimensions = [],
  rhs_batching_dimensions = [],
  lhs_contracting_dimensions = [1],
  rhs_contracting_dimensions = [0]
>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]
    } : (tensor<18x4xbf16>, tensor<4x5xbf16>) -> tensor<18x5xbf16>
    %3 = "stablehlo.convert"(%2) : (tensor<18x5xbf16>) -> tensor<18x5xf32>
    %4 = "stablehlo.convert"(%2) : (tensor<18x5xbf16>) -> tensor<18x5xf32>
    %5 = "stablehlo.broadcast_in_dim"(%x2) { broadcast_dimensions = array<i64: 1> } : (tensor<5xf32>) -> tensor<18x5xf32>
    %6 = "stablehlo.add"(%3, %5) : (tensor<18x5xf32>, tensor<18x5xf32>) -> tensor<18x5xf32>
    %7 = "stablehlo.convert"(%6) : (tensor<18x5xf32>) -> tensor<18x5xbf16>
    %8 = "stablehlo.reshape"(%7) : (tensor<18x5xbf16>) -> tensor<2x3x3x5xbf16>
    "stablehlo.return"(%8) : (tensor<2x3x3x5xbf16>) -> ()
  }
}

// linear input grad
module @case {
  func.func @main(%x0: tensor<2x3x3x5xbf16>, %x1: tensor<4x5xf32>) -> tensor<2x3x3x4xbf16> {
    %0 = "stablehlo.convert"(%x1) : (tensor<4x5xf32>) -> tensor<4x5xbf16>
    %1 = "stablehlo.reshape"(%x0) : (tensor<2x3x3x5xbf16>) -> tensor<18x5xbf16>
    %2 = "stablehlo.dot_general"(%1, %0) {
      dot_dimension_numbers = #stablehlo.dot<
  lhs_batching_dimensions = [],
  rhs_batching_dimensions = [],
  lhs_contracting_dimensions = [1],
  rhs_contracting_dimensions = [1]
>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]
    } : (tensor<18x5xbf16>, tensor<4x5xbf16>) -> tensor<18x4xbf16>
    %3 = "stablehlo.reshape"(%2) : (tensor<18x4xbf16>) -> tensor<2x3x3x4xbf16>
    "stablehlo.return"(%3) : (tensor<2x3x3x4xbf16>) -> ()
  }
}

// linear weight grad
module @case {
  func.func @main(%x0: tensor<2x3x3x4xbf16>, %x1: tensor<2x3x3x5xbf16>) -> tensor<4x5xf32> {
    %0 = "stablehlo.reshape"(%x0) : (tensor<2x3x3x4xbf16>) -> tensor<18x4xbf16>
    %1 = "stablehlo.reshape"(%x1) : (tensor<2x3x3x5xbf16>) -> tensor<18x5xbf16>
    %2 = "stablehlo.dot_general"(%0, %1) {
      dot_dimension_numbers = #stablehlo.dot<
  lhs_batching_dimensions = [],
  rhs_batching_dimensions = [],
  lhs_contracting_dimensions = [0],
  rhs_contracting_dimensions = [0]
>,
      precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]
    } : (tensor<18x4xbf16>, tensor<18x5xbf16>) -> tensor<4x5xf32>
    "stablehlo.return"(%2) : (tensor<4x5xf32>) -> ()
  }
}

// batch statistics
module @case {
  func.func @main(%x0: tensor<2x5x5x4xbf16>) -> tensor<2x4xf32> {
    %0 = "stablehlo.convert"(%x0) : (tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xf32>
    %1 = "stablehlo.slice"(%0) {
      limit_indices = array<i64: 1, 3, 3, 4>,
      start_indices = array<i64: 0, 2, 2, 0>,
      strides = array<i64: 1, 1, 1, 1>
    } : (tensor<2x5x5x4xf32>) -> tensor<1x1x1x4xf32>
    %2 = "stablehlo.reshape"(%1) : (tensor<1x1x1x4xf32>) -> tensor<4xf32>
    %3 = "stablehlo.broadcast_in_dim"(%2) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %4 = "stablehlo.subtract"(%0, %3) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %5 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %7 = "stablehlo.reduce"(%4, %5) ({
      ^reductionFn(%arg1: tensor<f32>, %arg2: tensor<f32>) :
          %6 = "stablehlo.add"(%arg1, %arg2) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%6) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2> } : (tensor<2x5x5x4xf32>, tensor<f32>) -> tensor<4xf32>
    %8 = "stablehlo.constant"() { value = dense<0.019999999552965164> : tensor<f32> } : () -> tensor<f32>
    %9 = "stablehlo.broadcast_in_dim"(%8) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %10 = "stablehlo.multiply"(%7, %9) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %11 = "stablehlo.multiply"(%4, %4) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %12 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %14 = "stablehlo.reduce"(%11, %12) ({
      ^reductionFn(%arg3: tensor<f32>, %arg4: tensor<f32>) :
          %13 = "stablehlo.add"(%arg3, %arg4) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%13) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2> } : (tensor<2x5x5x4xf32>, tensor<f32>) -> tensor<4xf32>
    %15 = "stablehlo.constant"() { value = dense<0.019999999552965164> : tensor<f32> } : () -> tensor<f32>
    %16 = "stablehlo.broadcast_in_dim"(%15) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %17 = "stablehlo.multiply"(%14, %16) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %18 = "stablehlo.multiply"(%10, %10) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %19 = "stablehlo.subtract"(%17, %18) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %20 = "stablehlo.add"(%10, %2) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %21 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %22 = "stablehlo.broadcast_in_dim"(%21) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %23 = "stablehlo.maximum"(%19, %22) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %24 = "stablehlo.reshape"(%20) : (tensor<4xf32>) -> tensor<1x4xf32>
    %25 = "stablehlo.reshape"(%23) : (tensor<4xf32>) -> tensor<1x4xf32>
    %26 = "stablehlo.concatenate"(%24, %25) { dimension = 0 : i64 } : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<2x4xf32>
    "stablehlo.return"(%26) : (tensor<2x4xf32>) -> ()
  }
}

// batch norm
module @case {
  func.func @main(%x0: tensor<2x5x5x4xbf16>, %x1: tensor<4xf32>, %x2: tensor<4xf32>, %x3: tensor<2x4xf32>) -> tensor<2x5x5x4xbf16> {
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
    %4 = "stablehlo.convert"(%x0) : (tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xf32>
    %5 = "stablehlo.constant"() { value = dense<9.999999747378752e-06> : tensor<f32> } : () -> tensor<f32>
    %6 = "stablehlo.broadcast_in_dim"(%5) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %7 = "stablehlo.add"(%3, %6) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %8 = "stablehlo.rsqrt"(%7) : (tensor<4xf32>) -> tensor<4xf32>
    %9 = "stablehlo.multiply"(%x1, %8) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %10 = "stablehlo.broadcast_in_dim"(%1) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %11 = "stablehlo.subtract"(%4, %10) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %12 = "stablehlo.broadcast_in_dim"(%9) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %13 = "stablehlo.multiply"(%11, %12) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %14 = "stablehlo.broadcast_in_dim"(%x2) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %15 = "stablehlo.add"(%13, %14) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %16 = "stablehlo.convert"(%15) : (tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xbf16>
    "stablehlo.return"(%16) : (tensor<2x5x5x4xbf16>) -> ()
  }
}

// batch norm sums
module @case {
  func.func @main(%x0: tensor<2x5x5x4xbf16>, %x1: tensor<2x4xf32>, %x2: tensor<2x5x5x4xbf16>) -> tensor<2x4xf32> {
    %0 = "stablehlo.convert"(%x0) : (tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xf32>
    %1 = "stablehlo.convert"(%x2) : (tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xf32>
    %2 = "stablehlo.slice"(%x1) {
      limit_indices = array<i64: 1, 4>,
      start_indices = array<i64: 0, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %3 = "stablehlo.reshape"(%2) : (tensor<1x4xf32>) -> tensor<4xf32>
    %4 = "stablehlo.broadcast_in_dim"(%3) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %5 = "stablehlo.subtract"(%0, %4) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %6 = "stablehlo.slice"(%x1) {
      limit_indices = array<i64: 2, 4>,
      start_indices = array<i64: 1, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %7 = "stablehlo.reshape"(%6) : (tensor<1x4xf32>) -> tensor<4xf32>
    %8 = "stablehlo.constant"() { value = dense<9.999999747378752e-06> : tensor<f32> } : () -> tensor<f32>
    %9 = "stablehlo.broadcast_in_dim"(%8) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %10 = "stablehlo.add"(%7, %9) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %11 = "stablehlo.rsqrt"(%10) : (tensor<4xf32>) -> tensor<4xf32>
    %12 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %14 = "stablehlo.reduce"(%1, %12) ({
      ^reductionFn(%arg3: tensor<f32>, %arg4: tensor<f32>) :
          %13 = "stablehlo.add"(%arg3, %arg4) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%13) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2> } : (tensor<2x5x5x4xf32>, tensor<f32>) -> tensor<4xf32>
    %15 = "stablehlo.multiply"(%1, %5) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %16 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %18 = "stablehlo.reduce"(%15, %16) ({
      ^reductionFn(%arg5: tensor<f32>, %arg6: tensor<f32>) :
          %17 = "stablehlo.add"(%arg5, %arg6) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%17) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2> } : (tensor<2x5x5x4xf32>, tensor<f32>) -> tensor<4xf32>
    %19 = "stablehlo.multiply"(%18, %11) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %20 = "stablehlo.reshape"(%14) : (tensor<4xf32>) -> tensor<1x4xf32>
    %21 = "stablehlo.reshape"(%19) : (tensor<4xf32>) -> tensor<1x4xf32>
    %22 = "stablehlo.concatenate"(%20, %21) { dimension = 0 : i64 } : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<2x4xf32>
    "stablehlo.return"(%22) : (tensor<2x4xf32>) -> ()
  }
}

// batch norm input grad
module @case {
  func.func @main(%x0: tensor<2x5x5x4xbf16>, %x1: tensor<4xf32>, %x2: tensor<2x4xf32>, %x3: tensor<2x4xf32>, %x4: tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xbf16> {
    %0 = "stablehlo.convert"(%x0) : (tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xf32>
    %1 = "stablehlo.convert"(%x4) : (tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xf32>
    %2 = "stablehlo.slice"(%x2) {
      limit_indices = array<i64: 2, 4>,
      start_indices = array<i64: 1, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %3 = "stablehlo.reshape"(%2) : (tensor<1x4xf32>) -> tensor<4xf32>
    %4 = "stablehlo.constant"() { value = dense<9.999999747378752e-06> : tensor<f32> } : () -> tensor<f32>
    %5 = "stablehlo.broadcast_in_dim"(%4) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %6 = "stablehlo.add"(%3, %5) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %7 = "stablehlo.rsqrt"(%6) : (tensor<4xf32>) -> tensor<4xf32>
    %8 = "stablehlo.slice"(%x2) {
      limit_indices = array<i64: 1, 4>,
      start_indices = array<i64: 0, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %9 = "stablehlo.reshape"(%8) : (tensor<1x4xf32>) -> tensor<4xf32>
    %10 = "stablehlo.broadcast_in_dim"(%9) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %11 = "stablehlo.subtract"(%0, %10) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %12 = "stablehlo.slice"(%x3) {
      limit_indices = array<i64: 2, 4>,
      start_indices = array<i64: 1, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %13 = "stablehlo.reshape"(%12) : (tensor<1x4xf32>) -> tensor<4xf32>
    %14 = "stablehlo.constant"() { value = dense<0.019999999552965164> : tensor<f32> } : () -> tensor<f32>
    %15 = "stablehlo.broadcast_in_dim"(%14) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %16 = "stablehlo.multiply"(%13, %15) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %17 = "stablehlo.multiply"(%16, %7) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %18 = "stablehlo.slice"(%x3) {
      limit_indices = array<i64: 1, 4>,
      start_indices = array<i64: 0, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %19 = "stablehlo.reshape"(%18) : (tensor<1x4xf32>) -> tensor<4xf32>
    %20 = "stablehlo.constant"() { value = dense<0.019999999552965164> : tensor<f32> } : () -> tensor<f32>
    %21 = "stablehlo.broadcast_in_dim"(%20) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %22 = "stablehlo.multiply"(%19, %21) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %23 = "stablehlo.broadcast_in_dim"(%22) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %24 = "stablehlo.subtract"(%1, %23) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %25 = "stablehlo.broadcast_in_dim"(%17) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %26 = "stablehlo.multiply"(%11, %25) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %27 = "stablehlo.subtract"(%24, %26) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %28 = "stablehlo.multiply"(%x1, %7) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %29 = "stablehlo.broadcast_in_dim"(%28) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %30 = "stablehlo.multiply"(%27, %29) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %31 = "stablehlo.convert"(%30) : (tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xbf16>
    "stablehlo.return"(%31) : (tensor<2x5x5x4xbf16>) -> ()
  }
}

// frozen batch norm
module @case {
  func.func @main(%x0: tensor<2x5x5x4xbf16>, %x1: tensor<4xf32>, %x2: tensor<4xf32>, %x3: tensor<4xf32>, %x4: tensor<4xf32>) -> tensor<2x5x5x4xbf16> {
    %0 = "stablehlo.convert"(%x0) : (tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xf32>
    %1 = "stablehlo.constant"() { value = dense<9.999999747378752e-06> : tensor<f32> } : () -> tensor<f32>
    %2 = "stablehlo.broadcast_in_dim"(%1) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %3 = "stablehlo.add"(%x4, %2) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %4 = "stablehlo.rsqrt"(%3) : (tensor<4xf32>) -> tensor<4xf32>
    %5 = "stablehlo.multiply"(%x1, %4) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %6 = "stablehlo.broadcast_in_dim"(%x3) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %7 = "stablehlo.subtract"(%0, %6) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %8 = "stablehlo.broadcast_in_dim"(%5) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %9 = "stablehlo.multiply"(%7, %8) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %10 = "stablehlo.broadcast_in_dim"(%x2) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %11 = "stablehlo.add"(%9, %10) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %12 = "stablehlo.convert"(%11) : (tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xbf16>
    "stablehlo.return"(%12) : (tensor<2x5x5x4xbf16>) -> ()
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
  func.func @main(%x0: tensor<2x5x5x4xbf16>, %x1: tensor<4xf32>, %x2: tensor<4xf32>, %x3: tensor<2x4xf32>, %x4: tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xbf16> {
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
    %4 = "stablehlo.convert"(%x0) : (tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xf32>
    %5 = "stablehlo.constant"() { value = dense<9.999999747378752e-06> : tensor<f32> } : () -> tensor<f32>
    %6 = "stablehlo.broadcast_in_dim"(%5) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %7 = "stablehlo.add"(%3, %6) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %8 = "stablehlo.rsqrt"(%7) : (tensor<4xf32>) -> tensor<4xf32>
    %9 = "stablehlo.multiply"(%x1, %8) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %10 = "stablehlo.broadcast_in_dim"(%1) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %11 = "stablehlo.subtract"(%4, %10) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %12 = "stablehlo.broadcast_in_dim"(%9) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %13 = "stablehlo.multiply"(%11, %12) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %14 = "stablehlo.broadcast_in_dim"(%x2) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %15 = "stablehlo.add"(%13, %14) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %16 = "stablehlo.convert"(%15) : (tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xbf16>
    %17 = "stablehlo.add"(%16, %x4) : (tensor<2x5x5x4xbf16>, tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xbf16>
    "stablehlo.return"(%17) : (tensor<2x5x5x4xbf16>) -> ()
  }
}

// batch norm, relu
module @case {
  func.func @main(%x0: tensor<2x5x5x4xbf16>, %x1: tensor<4xf32>, %x2: tensor<4xf32>, %x3: tensor<2x4xf32>) -> tensor<2x5x5x4xbf16> {
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
    %4 = "stablehlo.convert"(%x0) : (tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xf32>
    %5 = "stablehlo.constant"() { value = dense<9.999999747378752e-06> : tensor<f32> } : () -> tensor<f32>
    %6 = "stablehlo.broadcast_in_dim"(%5) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %7 = "stablehlo.add"(%3, %6) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %8 = "stablehlo.rsqrt"(%7) : (tensor<4xf32>) -> tensor<4xf32>
    %9 = "stablehlo.multiply"(%x1, %8) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %10 = "stablehlo.broadcast_in_dim"(%1) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %11 = "stablehlo.subtract"(%4, %10) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %12 = "stablehlo.broadcast_in_dim"(%9) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %13 = "stablehlo.multiply"(%11, %12) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %14 = "stablehlo.broadcast_in_dim"(%x2) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %15 = "stablehlo.add"(%13, %14) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %16 = "stablehlo.convert"(%15) : (tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xbf16>
    %17 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %18 = "stablehlo.convert"(%17) : (tensor<f32>) -> tensor<bf16>
    %19 = "stablehlo.broadcast_in_dim"(%18) { broadcast_dimensions = array<i64> } : (tensor<bf16>) -> tensor<2x5x5x4xbf16>
    %20 = "stablehlo.maximum"(%16, %19) : (tensor<2x5x5x4xbf16>, tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xbf16>
    "stablehlo.return"(%20) : (tensor<2x5x5x4xbf16>) -> ()
  }
}

// batch norm, shortcut, relu
module @case {
  func.func @main(%x0: tensor<2x5x5x4xbf16>, %x1: tensor<4xf32>, %x2: tensor<4xf32>, %x3: tensor<2x4xf32>, %x4: tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xbf16> {
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
    %4 = "stablehlo.convert"(%x0) : (tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xf32>
    %5 = "stablehlo.constant"() { value = dense<9.999999747378752e-06> : tensor<f32> } : () -> tensor<f32>
    %6 = "stablehlo.broadcast_in_dim"(%5) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %7 = "stablehlo.add"(%3, %6) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %8 = "stablehlo.rsqrt"(%7) : (tensor<4xf32>) -> tensor<4xf32>
    %9 = "stablehlo.multiply"(%x1, %8) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %10 = "stablehlo.broadcast_in_dim"(%1) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %11 = "stablehlo.subtract"(%4, %10) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %12 = "stablehlo.broadcast_in_dim"(%9) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %13 = "stablehlo.multiply"(%11, %12) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %14 = "stablehlo.broadcast_in_dim"(%x2) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %15 = "stablehlo.add"(%13, %14) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %16 = "stablehlo.convert"(%15) : (tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xbf16>
    %17 = "stablehlo.add"(%16, %x4) : (tensor<2x5x5x4xbf16>, tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xbf16>
    %18 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %19 = "stablehlo.convert"(%18) : (tensor<f32>) -> tensor<bf16>
    %20 = "stablehlo.broadcast_in_dim"(%19) { broadcast_dimensions = array<i64> } : (tensor<bf16>) -> tensor<2x5x5x4xbf16>
    %21 = "stablehlo.maximum"(%17, %20) : (tensor<2x5x5x4xbf16>, tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xbf16>
    "stablehlo.return"(%21) : (tensor<2x5x5x4xbf16>) -> ()
  }
}

// batch norm, silu
module @case {
  func.func @main(%x0: tensor<2x5x5x4xbf16>, %x1: tensor<4xf32>, %x2: tensor<4xf32>, %x3: tensor<2x4xf32>) -> tensor<2x5x5x4xbf16> {
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
    %4 = "stablehlo.convert"(%x0) : (tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xf32>
    %5 = "stablehlo.constant"() { value = dense<9.999999747378752e-06> : tensor<f32> } : () -> tensor<f32>
    %6 = "stablehlo.broadcast_in_dim"(%5) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %7 = "stablehlo.add"(%3, %6) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %8 = "stablehlo.rsqrt"(%7) : (tensor<4xf32>) -> tensor<4xf32>
    %9 = "stablehlo.multiply"(%x1, %8) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %10 = "stablehlo.broadcast_in_dim"(%1) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %11 = "stablehlo.subtract"(%4, %10) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %12 = "stablehlo.broadcast_in_dim"(%9) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %13 = "stablehlo.multiply"(%11, %12) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %14 = "stablehlo.broadcast_in_dim"(%x2) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %15 = "stablehlo.add"(%13, %14) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %16 = "stablehlo.convert"(%15) : (tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xbf16>
    %17 = "stablehlo.convert"(%16) : (tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xf32>
    %18 = "stablehlo.logistic"(%17) : (tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %19 = "stablehlo.multiply"(%17, %18) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %20 = "stablehlo.convert"(%19) : (tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xbf16>
    "stablehlo.return"(%20) : (tensor<2x5x5x4xbf16>) -> ()
  }
}

// batch norm, silu grad
module @case {
  func.func @main(%x0: tensor<2x5x5x4xbf16>, %x1: tensor<4xf32>, %x2: tensor<4xf32>, %x3: tensor<2x4xf32>, %x4: tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xbf16> {
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
    %4 = "stablehlo.convert"(%x0) : (tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xf32>
    %5 = "stablehlo.constant"() { value = dense<9.999999747378752e-06> : tensor<f32> } : () -> tensor<f32>
    %6 = "stablehlo.broadcast_in_dim"(%5) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %7 = "stablehlo.add"(%3, %6) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %8 = "stablehlo.rsqrt"(%7) : (tensor<4xf32>) -> tensor<4xf32>
    %9 = "stablehlo.multiply"(%x1, %8) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %10 = "stablehlo.broadcast_in_dim"(%1) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %11 = "stablehlo.subtract"(%4, %10) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %12 = "stablehlo.broadcast_in_dim"(%9) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %13 = "stablehlo.multiply"(%11, %12) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %14 = "stablehlo.broadcast_in_dim"(%x2) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %15 = "stablehlo.add"(%13, %14) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %16 = "stablehlo.convert"(%15) : (tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xbf16>
    %17 = "stablehlo.convert"(%16) : (tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xf32>
    %18 = "stablehlo.convert"(%x4) : (tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xf32>
    %19 = "stablehlo.logistic"(%17) : (tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %20 = "stablehlo.multiply"(%18, %19) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %21 = "stablehlo.negate"(%19) : (tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %22 = "stablehlo.constant"() { value = dense<1.0> : tensor<f32> } : () -> tensor<f32>
    %23 = "stablehlo.broadcast_in_dim"(%22) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x5x5x4xf32>
    %24 = "stablehlo.add"(%21, %23) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %25 = "stablehlo.multiply"(%17, %24) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %26 = "stablehlo.constant"() { value = dense<1.0> : tensor<f32> } : () -> tensor<f32>
    %27 = "stablehlo.broadcast_in_dim"(%26) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x5x5x4xf32>
    %28 = "stablehlo.add"(%25, %27) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %29 = "stablehlo.multiply"(%20, %28) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %30 = "stablehlo.convert"(%29) : (tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xbf16>
    "stablehlo.return"(%30) : (tensor<2x5x5x4xbf16>) -> ()
  }
}

// batch norm, relu sums
module @case {
  func.func @main(%x0: tensor<2x5x5x4xbf16>, %x1: tensor<4xf32>, %x2: tensor<4xf32>, %x3: tensor<2x4xf32>, %x4: tensor<2x5x5x4xbf16>) -> tensor<2x4xf32> {
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
    %4 = "stablehlo.convert"(%x0) : (tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xf32>
    %5 = "stablehlo.constant"() { value = dense<9.999999747378752e-06> : tensor<f32> } : () -> tensor<f32>
    %6 = "stablehlo.broadcast_in_dim"(%5) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %7 = "stablehlo.add"(%3, %6) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %8 = "stablehlo.rsqrt"(%7) : (tensor<4xf32>) -> tensor<4xf32>
    %9 = "stablehlo.multiply"(%x1, %8) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %10 = "stablehlo.broadcast_in_dim"(%1) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %11 = "stablehlo.subtract"(%4, %10) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %12 = "stablehlo.broadcast_in_dim"(%9) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %13 = "stablehlo.multiply"(%11, %12) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %14 = "stablehlo.broadcast_in_dim"(%x2) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %15 = "stablehlo.add"(%13, %14) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %16 = "stablehlo.convert"(%15) : (tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xbf16>
    %17 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %18 = "stablehlo.convert"(%17) : (tensor<f32>) -> tensor<bf16>
    %19 = "stablehlo.broadcast_in_dim"(%18) { broadcast_dimensions = array<i64> } : (tensor<bf16>) -> tensor<2x5x5x4xbf16>
    %20 = "stablehlo.compare"(%16, %19) {
      compare_type = #stablehlo<comparison_type FLOAT>,
      comparison_direction = #stablehlo<comparison_direction GT>
    } : (tensor<2x5x5x4xbf16>, tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xi1>
    %21 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %22 = "stablehlo.convert"(%21) : (tensor<f32>) -> tensor<bf16>
    %23 = "stablehlo.broadcast_in_dim"(%22) { broadcast_dimensions = array<i64> } : (tensor<bf16>) -> tensor<2x5x5x4xbf16>
    %24 = "stablehlo.select"(%20, %x4, %23) : (tensor<2x5x5x4xi1>, tensor<2x5x5x4xbf16>, tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xbf16>
    %25 = "stablehlo.convert"(%x0) : (tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xf32>
    %26 = "stablehlo.convert"(%24) : (tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xf32>
    %27 = "stablehlo.slice"(%x3) {
      limit_indices = array<i64: 1, 4>,
      start_indices = array<i64: 0, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %28 = "stablehlo.reshape"(%27) : (tensor<1x4xf32>) -> tensor<4xf32>
    %29 = "stablehlo.broadcast_in_dim"(%28) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %30 = "stablehlo.subtract"(%25, %29) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %31 = "stablehlo.slice"(%x3) {
      limit_indices = array<i64: 2, 4>,
      start_indices = array<i64: 1, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %32 = "stablehlo.reshape"(%31) : (tensor<1x4xf32>) -> tensor<4xf32>
    %33 = "stablehlo.constant"() { value = dense<9.999999747378752e-06> : tensor<f32> } : () -> tensor<f32>
    %34 = "stablehlo.broadcast_in_dim"(%33) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %35 = "stablehlo.add"(%32, %34) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %36 = "stablehlo.rsqrt"(%35) : (tensor<4xf32>) -> tensor<4xf32>
    %37 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %39 = "stablehlo.reduce"(%26, %37) ({
      ^reductionFn(%arg5: tensor<f32>, %arg6: tensor<f32>) :
          %38 = "stablehlo.add"(%arg5, %arg6) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%38) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2> } : (tensor<2x5x5x4xf32>, tensor<f32>) -> tensor<4xf32>
    %40 = "stablehlo.multiply"(%26, %30) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %41 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %43 = "stablehlo.reduce"(%40, %41) ({
      ^reductionFn(%arg7: tensor<f32>, %arg8: tensor<f32>) :
          %42 = "stablehlo.add"(%arg7, %arg8) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%42) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2> } : (tensor<2x5x5x4xf32>, tensor<f32>) -> tensor<4xf32>
    %44 = "stablehlo.multiply"(%43, %36) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %45 = "stablehlo.reshape"(%39) : (tensor<4xf32>) -> tensor<1x4xf32>
    %46 = "stablehlo.reshape"(%44) : (tensor<4xf32>) -> tensor<1x4xf32>
    %47 = "stablehlo.concatenate"(%45, %46) { dimension = 0 : i64 } : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<2x4xf32>
    "stablehlo.return"(%47) : (tensor<2x4xf32>) -> ()
  }
}

// batch norm, relu input grad
module @case {
  func.func @main(%x0: tensor<2x5x5x4xbf16>, %x1: tensor<4xf32>, %x2: tensor<4xf32>, %x3: tensor<2x4xf32>, %x4: tensor<2x5x5x4xbf16>, %x5: tensor<2x4xf32>) -> tensor<2x5x5x4xbf16> {
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
    %4 = "stablehlo.convert"(%x0) : (tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xf32>
    %5 = "stablehlo.constant"() { value = dense<9.999999747378752e-06> : tensor<f32> } : () -> tensor<f32>
    %6 = "stablehlo.broadcast_in_dim"(%5) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %7 = "stablehlo.add"(%3, %6) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %8 = "stablehlo.rsqrt"(%7) : (tensor<4xf32>) -> tensor<4xf32>
    %9 = "stablehlo.multiply"(%x1, %8) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %10 = "stablehlo.broadcast_in_dim"(%1) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %11 = "stablehlo.subtract"(%4, %10) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %12 = "stablehlo.broadcast_in_dim"(%9) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %13 = "stablehlo.multiply"(%11, %12) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %14 = "stablehlo.broadcast_in_dim"(%x2) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %15 = "stablehlo.add"(%13, %14) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %16 = "stablehlo.convert"(%15) : (tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xbf16>
    %17 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %18 = "stablehlo.convert"(%17) : (tensor<f32>) -> tensor<bf16>
    %19 = "stablehlo.broadcast_in_dim"(%18) { broadcast_dimensions = array<i64> } : (tensor<bf16>) -> tensor<2x5x5x4xbf16>
    %20 = "stablehlo.compare"(%16, %19) {
      compare_type = #stablehlo<comparison_type FLOAT>,
      comparison_direction = #stablehlo<comparison_direction GT>
    } : (tensor<2x5x5x4xbf16>, tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xi1>
    %21 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %22 = "stablehlo.convert"(%21) : (tensor<f32>) -> tensor<bf16>
    %23 = "stablehlo.broadcast_in_dim"(%22) { broadcast_dimensions = array<i64> } : (tensor<bf16>) -> tensor<2x5x5x4xbf16>
    %24 = "stablehlo.select"(%20, %x4, %23) : (tensor<2x5x5x4xi1>, tensor<2x5x5x4xbf16>, tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xbf16>
    %25 = "stablehlo.convert"(%x0) : (tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xf32>
    %26 = "stablehlo.convert"(%24) : (tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xf32>
    %27 = "stablehlo.slice"(%x3) {
      limit_indices = array<i64: 2, 4>,
      start_indices = array<i64: 1, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %28 = "stablehlo.reshape"(%27) : (tensor<1x4xf32>) -> tensor<4xf32>
    %29 = "stablehlo.constant"() { value = dense<9.999999747378752e-06> : tensor<f32> } : () -> tensor<f32>
    %30 = "stablehlo.broadcast_in_dim"(%29) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %31 = "stablehlo.add"(%28, %30) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %32 = "stablehlo.rsqrt"(%31) : (tensor<4xf32>) -> tensor<4xf32>
    %33 = "stablehlo.slice"(%x3) {
      limit_indices = array<i64: 1, 4>,
      start_indices = array<i64: 0, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %34 = "stablehlo.reshape"(%33) : (tensor<1x4xf32>) -> tensor<4xf32>
    %35 = "stablehlo.broadcast_in_dim"(%34) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %36 = "stablehlo.subtract"(%25, %35) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %37 = "stablehlo.slice"(%x5) {
      limit_indices = array<i64: 2, 4>,
      start_indices = array<i64: 1, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %38 = "stablehlo.reshape"(%37) : (tensor<1x4xf32>) -> tensor<4xf32>
    %39 = "stablehlo.constant"() { value = dense<0.019999999552965164> : tensor<f32> } : () -> tensor<f32>
    %40 = "stablehlo.broadcast_in_dim"(%39) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %41 = "stablehlo.multiply"(%38, %40) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %42 = "stablehlo.multiply"(%41, %32) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %43 = "stablehlo.slice"(%x5) {
      limit_indices = array<i64: 1, 4>,
      start_indices = array<i64: 0, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xf32>) -> tensor<1x4xf32>
    %44 = "stablehlo.reshape"(%43) : (tensor<1x4xf32>) -> tensor<4xf32>
    %45 = "stablehlo.constant"() { value = dense<0.019999999552965164> : tensor<f32> } : () -> tensor<f32>
    %46 = "stablehlo.broadcast_in_dim"(%45) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4xf32>
    %47 = "stablehlo.multiply"(%44, %46) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %48 = "stablehlo.broadcast_in_dim"(%47) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %49 = "stablehlo.subtract"(%26, %48) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %50 = "stablehlo.broadcast_in_dim"(%42) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %51 = "stablehlo.multiply"(%36, %50) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %52 = "stablehlo.subtract"(%49, %51) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %53 = "stablehlo.multiply"(%x1, %32) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %54 = "stablehlo.broadcast_in_dim"(%53) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x5x5x4xf32>
    %55 = "stablehlo.multiply"(%52, %54) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %56 = "stablehlo.convert"(%55) : (tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xbf16>
    "stablehlo.return"(%56) : (tensor<2x5x5x4xbf16>) -> ()
  }
}

// layer norm
module @case {
  func.func @main(%x0: tensor<2x3x3x4xbf16>, %x1: tensor<4xf32>, %x2: tensor<4xf32>) -> tensor<2x3x3x4xbf16> {
    %0 = "stablehlo.convert"(%x0) : (tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xf32>
    %1 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %3 = "stablehlo.reduce"(%0, %1) ({
      ^reductionFn(%arg3: tensor<f32>, %arg4: tensor<f32>) :
          %2 = "stablehlo.add"(%arg3, %arg4) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%2) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 3> } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<2x3x3xf32>
    %4 = "stablehlo.constant"() { value = dense<0.25> : tensor<f32> } : () -> tensor<f32>
    %5 = "stablehlo.broadcast_in_dim"(%4) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3x3xf32>
    %6 = "stablehlo.multiply"(%3, %5) : (tensor<2x3x3xf32>, tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
    %7 = "stablehlo.broadcast_in_dim"(%6) { broadcast_dimensions = array<i64: 0, 1, 2> } : (tensor<2x3x3xf32>) -> tensor<2x3x3x4xf32>
    %8 = "stablehlo.subtract"(%0, %7) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %9 = "stablehlo.multiply"(%8, %8) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %10 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %12 = "stablehlo.reduce"(%9, %10) ({
      ^reductionFn(%arg5: tensor<f32>, %arg6: tensor<f32>) :
          %11 = "stablehlo.add"(%arg5, %arg6) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%11) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 3> } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<2x3x3xf32>
    %13 = "stablehlo.constant"() { value = dense<0.25> : tensor<f32> } : () -> tensor<f32>
    %14 = "stablehlo.broadcast_in_dim"(%13) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3x3xf32>
    %15 = "stablehlo.multiply"(%12, %14) : (tensor<2x3x3xf32>, tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
    %16 = "stablehlo.constant"() { value = dense<9.999999974752427e-07> : tensor<f32> } : () -> tensor<f32>
    %17 = "stablehlo.broadcast_in_dim"(%16) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3x3xf32>
    %18 = "stablehlo.add"(%15, %17) : (tensor<2x3x3xf32>, tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
    %19 = "stablehlo.rsqrt"(%18) : (tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
    %20 = "stablehlo.broadcast_in_dim"(%19) { broadcast_dimensions = array<i64: 0, 1, 2> } : (tensor<2x3x3xf32>) -> tensor<2x3x3x4xf32>
    %21 = "stablehlo.multiply"(%8, %20) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %22 = "stablehlo.broadcast_in_dim"(%x1) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x3x3x4xf32>
    %23 = "stablehlo.multiply"(%21, %22) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %24 = "stablehlo.broadcast_in_dim"(%x2) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x3x3x4xf32>
    %25 = "stablehlo.add"(%23, %24) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %26 = "stablehlo.convert"(%25) : (tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xbf16>
    "stablehlo.return"(%26) : (tensor<2x3x3x4xbf16>) -> ()
  }
}

// layer norm input grad
module @case {
  func.func @main(%x0: tensor<2x3x3x4xbf16>, %x1: tensor<4xf32>, %x2: tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xbf16> {
    %0 = "stablehlo.convert"(%x0) : (tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xf32>
    %1 = "stablehlo.convert"(%x2) : (tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xf32>
    %2 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %4 = "stablehlo.reduce"(%0, %2) ({
      ^reductionFn(%arg3: tensor<f32>, %arg4: tensor<f32>) :
          %3 = "stablehlo.add"(%arg3, %arg4) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%3) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 3> } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<2x3x3xf32>
    %5 = "stablehlo.constant"() { value = dense<0.25> : tensor<f32> } : () -> tensor<f32>
    %6 = "stablehlo.broadcast_in_dim"(%5) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3x3xf32>
    %7 = "stablehlo.multiply"(%4, %6) : (tensor<2x3x3xf32>, tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
    %8 = "stablehlo.broadcast_in_dim"(%7) { broadcast_dimensions = array<i64: 0, 1, 2> } : (tensor<2x3x3xf32>) -> tensor<2x3x3x4xf32>
    %9 = "stablehlo.subtract"(%0, %8) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %10 = "stablehlo.multiply"(%9, %9) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %11 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %13 = "stablehlo.reduce"(%10, %11) ({
      ^reductionFn(%arg5: tensor<f32>, %arg6: tensor<f32>) :
          %12 = "stablehlo.add"(%arg5, %arg6) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%12) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 3> } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<2x3x3xf32>
    %14 = "stablehlo.constant"() { value = dense<0.25> : tensor<f32> } : () -> tensor<f32>
    %15 = "stablehlo.broadcast_in_dim"(%14) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3x3xf32>
    %16 = "stablehlo.multiply"(%13, %15) : (tensor<2x3x3xf32>, tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
    %17 = "stablehlo.constant"() { value = dense<9.999999974752427e-07> : tensor<f32> } : () -> tensor<f32>
    %18 = "stablehlo.broadcast_in_dim"(%17) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3x3xf32>
    %19 = "stablehlo.add"(%16, %18) : (tensor<2x3x3xf32>, tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
    %20 = "stablehlo.rsqrt"(%19) : (tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
    %21 = "stablehlo.broadcast_in_dim"(%20) { broadcast_dimensions = array<i64: 0, 1, 2> } : (tensor<2x3x3xf32>) -> tensor<2x3x3x4xf32>
    %22 = "stablehlo.multiply"(%9, %21) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %23 = "stablehlo.broadcast_in_dim"(%x1) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x3x3x4xf32>
    %24 = "stablehlo.multiply"(%1, %23) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %25 = "stablehlo.multiply"(%24, %22) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %26 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %28 = "stablehlo.reduce"(%25, %26) ({
      ^reductionFn(%arg7: tensor<f32>, %arg8: tensor<f32>) :
          %27 = "stablehlo.add"(%arg7, %arg8) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%27) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 3> } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<2x3x3xf32>
    %29 = "stablehlo.constant"() { value = dense<0.25> : tensor<f32> } : () -> tensor<f32>
    %30 = "stablehlo.broadcast_in_dim"(%29) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3x3xf32>
    %31 = "stablehlo.multiply"(%28, %30) : (tensor<2x3x3xf32>, tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
    %32 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %34 = "stablehlo.reduce"(%24, %32) ({
      ^reductionFn(%arg9: tensor<f32>, %arg10: tensor<f32>) :
          %33 = "stablehlo.add"(%arg9, %arg10) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%33) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 3> } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<2x3x3xf32>
    %35 = "stablehlo.constant"() { value = dense<0.25> : tensor<f32> } : () -> tensor<f32>
    %36 = "stablehlo.broadcast_in_dim"(%35) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3x3xf32>
    %37 = "stablehlo.multiply"(%34, %36) : (tensor<2x3x3xf32>, tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
    %38 = "stablehlo.broadcast_in_dim"(%37) { broadcast_dimensions = array<i64: 0, 1, 2> } : (tensor<2x3x3xf32>) -> tensor<2x3x3x4xf32>
    %39 = "stablehlo.subtract"(%24, %38) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %40 = "stablehlo.broadcast_in_dim"(%31) { broadcast_dimensions = array<i64: 0, 1, 2> } : (tensor<2x3x3xf32>) -> tensor<2x3x3x4xf32>
    %41 = "stablehlo.multiply"(%22, %40) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %42 = "stablehlo.subtract"(%39, %41) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %43 = "stablehlo.broadcast_in_dim"(%20) { broadcast_dimensions = array<i64: 0, 1, 2> } : (tensor<2x3x3xf32>) -> tensor<2x3x3x4xf32>
    %44 = "stablehlo.multiply"(%42, %43) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %45 = "stablehlo.convert"(%44) : (tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xbf16>
    "stablehlo.return"(%45) : (tensor<2x3x3x4xbf16>) -> ()
  }
}

// layer norm sums
module @case {
  func.func @main(%x0: tensor<2x3x3x4xbf16>, %x1: tensor<2x3x3x4xbf16>) -> tensor<2x4xf32> {
    %0 = "stablehlo.convert"(%x0) : (tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xf32>
    %1 = "stablehlo.convert"(%x1) : (tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xf32>
    %2 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %4 = "stablehlo.reduce"(%0, %2) ({
      ^reductionFn(%arg2: tensor<f32>, %arg3: tensor<f32>) :
          %3 = "stablehlo.add"(%arg2, %arg3) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%3) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 3> } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<2x3x3xf32>
    %5 = "stablehlo.constant"() { value = dense<0.25> : tensor<f32> } : () -> tensor<f32>
    %6 = "stablehlo.broadcast_in_dim"(%5) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3x3xf32>
    %7 = "stablehlo.multiply"(%4, %6) : (tensor<2x3x3xf32>, tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
    %8 = "stablehlo.broadcast_in_dim"(%7) { broadcast_dimensions = array<i64: 0, 1, 2> } : (tensor<2x3x3xf32>) -> tensor<2x3x3x4xf32>
    %9 = "stablehlo.subtract"(%0, %8) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %10 = "stablehlo.multiply"(%9, %9) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %11 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %13 = "stablehlo.reduce"(%10, %11) ({
      ^reductionFn(%arg4: tensor<f32>, %arg5: tensor<f32>) :
          %12 = "stablehlo.add"(%arg4, %arg5) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%12) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 3> } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<2x3x3xf32>
    %14 = "stablehlo.constant"() { value = dense<0.25> : tensor<f32> } : () -> tensor<f32>
    %15 = "stablehlo.broadcast_in_dim"(%14) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3x3xf32>
    %16 = "stablehlo.multiply"(%13, %15) : (tensor<2x3x3xf32>, tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
    %17 = "stablehlo.constant"() { value = dense<9.999999974752427e-07> : tensor<f32> } : () -> tensor<f32>
    %18 = "stablehlo.broadcast_in_dim"(%17) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3x3xf32>
    %19 = "stablehlo.add"(%16, %18) : (tensor<2x3x3xf32>, tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
    %20 = "stablehlo.rsqrt"(%19) : (tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
    %21 = "stablehlo.broadcast_in_dim"(%20) { broadcast_dimensions = array<i64: 0, 1, 2> } : (tensor<2x3x3xf32>) -> tensor<2x3x3x4xf32>
    %22 = "stablehlo.multiply"(%9, %21) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %23 = "stablehlo.multiply"(%1, %22) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %24 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %26 = "stablehlo.reduce"(%23, %24) ({
      ^reductionFn(%arg6: tensor<f32>, %arg7: tensor<f32>) :
          %25 = "stablehlo.add"(%arg6, %arg7) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%25) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2> } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<4xf32>
    %27 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %29 = "stablehlo.reduce"(%1, %27) ({
      ^reductionFn(%arg8: tensor<f32>, %arg9: tensor<f32>) :
          %28 = "stablehlo.add"(%arg8, %arg9) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%28) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2> } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<4xf32>
    %30 = "stablehlo.reshape"(%26) : (tensor<4xf32>) -> tensor<1x4xf32>
    %31 = "stablehlo.reshape"(%29) : (tensor<4xf32>) -> tensor<1x4xf32>
    %32 = "stablehlo.concatenate"(%30, %31) { dimension = 0 : i64 } : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<2x4xf32>
    "stablehlo.return"(%32) : (tensor<2x4xf32>) -> ()
  }
}

// max pool
module @case {
  func.func @main(%x0: tensor<2x6x6x4xbf16>) -> tensor<2x3x3x4xbf16> {
    %0 = "stablehlo.constant"() { value = dense<0xff800000> : tensor<f32> } : () -> tensor<f32>
    %1 = "stablehlo.convert"(%0) : (tensor<f32>) -> tensor<bf16>
    %2 = "stablehlo.pad"(%x0, %1) {
      edge_padding_high = array<i64: 0, 1, 1, 0>,
      edge_padding_low = array<i64: 0, 1, 1, 0>,
      interior_padding = array<i64: 0, 0, 0, 0>
    } : (tensor<2x6x6x4xbf16>, tensor<bf16>) -> tensor<2x8x8x4xbf16>
    %3 = "stablehlo.slice"(%2) {
      limit_indices = array<i64: 2, 5, 5, 4>,
      start_indices = array<i64: 0, 0, 0, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xbf16>) -> tensor<2x3x3x4xbf16>
    %4 = "stablehlo.slice"(%2) {
      limit_indices = array<i64: 2, 5, 6, 4>,
      start_indices = array<i64: 0, 0, 1, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xbf16>) -> tensor<2x3x3x4xbf16>
    %5 = "stablehlo.slice"(%2) {
      limit_indices = array<i64: 2, 5, 7, 4>,
      start_indices = array<i64: 0, 0, 2, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xbf16>) -> tensor<2x3x3x4xbf16>
    %6 = "stablehlo.slice"(%2) {
      limit_indices = array<i64: 2, 6, 5, 4>,
      start_indices = array<i64: 0, 1, 0, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xbf16>) -> tensor<2x3x3x4xbf16>
    %7 = "stablehlo.slice"(%2) {
      limit_indices = array<i64: 2, 6, 6, 4>,
      start_indices = array<i64: 0, 1, 1, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xbf16>) -> tensor<2x3x3x4xbf16>
    %8 = "stablehlo.slice"(%2) {
      limit_indices = array<i64: 2, 6, 7, 4>,
      start_indices = array<i64: 0, 1, 2, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xbf16>) -> tensor<2x3x3x4xbf16>
    %9 = "stablehlo.slice"(%2) {
      limit_indices = array<i64: 2, 7, 5, 4>,
      start_indices = array<i64: 0, 2, 0, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xbf16>) -> tensor<2x3x3x4xbf16>
    %10 = "stablehlo.slice"(%2) {
      limit_indices = array<i64: 2, 7, 6, 4>,
      start_indices = array<i64: 0, 2, 1, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xbf16>) -> tensor<2x3x3x4xbf16>
    %11 = "stablehlo.slice"(%2) {
      limit_indices = array<i64: 2, 7, 7, 4>,
      start_indices = array<i64: 0, 2, 2, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xbf16>) -> tensor<2x3x3x4xbf16>
    %12 = "stablehlo.maximum"(%3, %4) : (tensor<2x3x3x4xbf16>, tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xbf16>
    %13 = "stablehlo.maximum"(%12, %5) : (tensor<2x3x3x4xbf16>, tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xbf16>
    %14 = "stablehlo.maximum"(%13, %6) : (tensor<2x3x3x4xbf16>, tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xbf16>
    %15 = "stablehlo.maximum"(%14, %7) : (tensor<2x3x3x4xbf16>, tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xbf16>
    %16 = "stablehlo.maximum"(%15, %8) : (tensor<2x3x3x4xbf16>, tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xbf16>
    %17 = "stablehlo.maximum"(%16, %9) : (tensor<2x3x3x4xbf16>, tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xbf16>
    %18 = "stablehlo.maximum"(%17, %10) : (tensor<2x3x3x4xbf16>, tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xbf16>
    %19 = "stablehlo.maximum"(%18, %11) : (tensor<2x3x3x4xbf16>, tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xbf16>
    "stablehlo.return"(%19) : (tensor<2x3x3x4xbf16>) -> ()
  }
}

// max pool grad
module @case {
  func.func @main(%x0: tensor<2x6x6x4xbf16>, %x1: tensor<2x3x3x4xbf16>, %x2: tensor<2x3x3x4xbf16>) -> tensor<2x6x6x4xbf16> {
    %0 = "stablehlo.constant"() { value = dense<0xff800000> : tensor<f32> } : () -> tensor<f32>
    %1 = "stablehlo.convert"(%0) : (tensor<f32>) -> tensor<bf16>
    %2 = "stablehlo.pad"(%x0, %1) {
      edge_padding_high = array<i64: 0, 1, 1, 0>,
      edge_padding_low = array<i64: 0, 1, 1, 0>,
      interior_padding = array<i64: 0, 0, 0, 0>
    } : (tensor<2x6x6x4xbf16>, tensor<bf16>) -> tensor<2x8x8x4xbf16>
    %3 = "stablehlo.slice"(%2) {
      limit_indices = array<i64: 2, 5, 5, 4>,
      start_indices = array<i64: 0, 0, 0, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xbf16>) -> tensor<2x3x3x4xbf16>
    %4 = "stablehlo.slice"(%2) {
      limit_indices = array<i64: 2, 5, 6, 4>,
      start_indices = array<i64: 0, 0, 1, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xbf16>) -> tensor<2x3x3x4xbf16>
    %5 = "stablehlo.slice"(%2) {
      limit_indices = array<i64: 2, 5, 7, 4>,
      start_indices = array<i64: 0, 0, 2, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xbf16>) -> tensor<2x3x3x4xbf16>
    %6 = "stablehlo.slice"(%2) {
      limit_indices = array<i64: 2, 6, 5, 4>,
      start_indices = array<i64: 0, 1, 0, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xbf16>) -> tensor<2x3x3x4xbf16>
    %7 = "stablehlo.slice"(%2) {
      limit_indices = array<i64: 2, 6, 6, 4>,
      start_indices = array<i64: 0, 1, 1, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xbf16>) -> tensor<2x3x3x4xbf16>
    %8 = "stablehlo.slice"(%2) {
      limit_indices = array<i64: 2, 6, 7, 4>,
      start_indices = array<i64: 0, 1, 2, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xbf16>) -> tensor<2x3x3x4xbf16>
    %9 = "stablehlo.slice"(%2) {
      limit_indices = array<i64: 2, 7, 5, 4>,
      start_indices = array<i64: 0, 2, 0, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xbf16>) -> tensor<2x3x3x4xbf16>
    %10 = "stablehlo.slice"(%2) {
      limit_indices = array<i64: 2, 7, 6, 4>,
      start_indices = array<i64: 0, 2, 1, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xbf16>) -> tensor<2x3x3x4xbf16>
    %11 = "stablehlo.slice"(%2) {
      limit_indices = array<i64: 2, 7, 7, 4>,
      start_indices = array<i64: 0, 2, 2, 0>,
      strides = array<i64: 1, 2, 2, 1>
    } : (tensor<2x8x8x4xbf16>) -> tensor<2x3x3x4xbf16>
    %12 = "stablehlo.compare"(%3, %x1) {
      compare_type = #stablehlo<comparison_type FLOAT>,
      comparison_direction = #stablehlo<comparison_direction EQ>
    } : (tensor<2x3x3x4xbf16>, tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xi1>
    %13 = "stablehlo.not"(%12) : (tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %14 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %15 = "stablehlo.convert"(%14) : (tensor<f32>) -> tensor<bf16>
    %16 = "stablehlo.broadcast_in_dim"(%15) { broadcast_dimensions = array<i64> } : (tensor<bf16>) -> tensor<2x3x3x4xbf16>
    %17 = "stablehlo.select"(%12, %x2, %16) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xbf16>, tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xbf16>
    %18 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %19 = "stablehlo.convert"(%18) : (tensor<f32>) -> tensor<bf16>
    %20 = "stablehlo.pad"(%17, %19) {
      edge_padding_high = array<i64: 0, 3, 3, 0>,
      edge_padding_low = array<i64: 0, 0, 0, 0>,
      interior_padding = array<i64: 0, 1, 1, 0>
    } : (tensor<2x3x3x4xbf16>, tensor<bf16>) -> tensor<2x8x8x4xbf16>
    %21 = "stablehlo.compare"(%4, %x1) {
      compare_type = #stablehlo<comparison_type FLOAT>,
      comparison_direction = #stablehlo<comparison_direction EQ>
    } : (tensor<2x3x3x4xbf16>, tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xi1>
    %22 = "stablehlo.and"(%21, %13) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %23 = "stablehlo.not"(%22) : (tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %24 = "stablehlo.and"(%13, %23) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %25 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %26 = "stablehlo.convert"(%25) : (tensor<f32>) -> tensor<bf16>
    %27 = "stablehlo.broadcast_in_dim"(%26) { broadcast_dimensions = array<i64> } : (tensor<bf16>) -> tensor<2x3x3x4xbf16>
    %28 = "stablehlo.select"(%22, %x2, %27) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xbf16>, tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xbf16>
    %29 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %30 = "stablehlo.convert"(%29) : (tensor<f32>) -> tensor<bf16>
    %31 = "stablehlo.pad"(%28, %30) {
      edge_padding_high = array<i64: 0, 3, 2, 0>,
      edge_padding_low = array<i64: 0, 0, 1, 0>,
      interior_padding = array<i64: 0, 1, 1, 0>
    } : (tensor<2x3x3x4xbf16>, tensor<bf16>) -> tensor<2x8x8x4xbf16>
    %32 = "stablehlo.add"(%20, %31) : (tensor<2x8x8x4xbf16>, tensor<2x8x8x4xbf16>) -> tensor<2x8x8x4xbf16>
    %33 = "stablehlo.compare"(%5, %x1) {
      compare_type = #stablehlo<comparison_type FLOAT>,
      comparison_direction = #stablehlo<comparison_direction EQ>
    } : (tensor<2x3x3x4xbf16>, tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xi1>
    %34 = "stablehlo.and"(%33, %24) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %35 = "stablehlo.not"(%34) : (tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %36 = "stablehlo.and"(%24, %35) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %37 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %38 = "stablehlo.convert"(%37) : (tensor<f32>) -> tensor<bf16>
    %39 = "stablehlo.broadcast_in_dim"(%38) { broadcast_dimensions = array<i64> } : (tensor<bf16>) -> tensor<2x3x3x4xbf16>
    %40 = "stablehlo.select"(%34, %x2, %39) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xbf16>, tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xbf16>
    %41 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %42 = "stablehlo.convert"(%41) : (tensor<f32>) -> tensor<bf16>
    %43 = "stablehlo.pad"(%40, %42) {
      edge_padding_high = array<i64: 0, 3, 1, 0>,
      edge_padding_low = array<i64: 0, 0, 2, 0>,
      interior_padding = array<i64: 0, 1, 1, 0>
    } : (tensor<2x3x3x4xbf16>, tensor<bf16>) -> tensor<2x8x8x4xbf16>
    %44 = "stablehlo.add"(%32, %43) : (tensor<2x8x8x4xbf16>, tensor<2x8x8x4xbf16>) -> tensor<2x8x8x4xbf16>
    %45 = "stablehlo.compare"(%6, %x1) {
      compare_type = #stablehlo<comparison_type FLOAT>,
      comparison_direction = #stablehlo<comparison_direction EQ>
    } : (tensor<2x3x3x4xbf16>, tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xi1>
    %46 = "stablehlo.and"(%45, %36) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %47 = "stablehlo.not"(%46) : (tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %48 = "stablehlo.and"(%36, %47) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %49 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %50 = "stablehlo.convert"(%49) : (tensor<f32>) -> tensor<bf16>
    %51 = "stablehlo.broadcast_in_dim"(%50) { broadcast_dimensions = array<i64> } : (tensor<bf16>) -> tensor<2x3x3x4xbf16>
    %52 = "stablehlo.select"(%46, %x2, %51) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xbf16>, tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xbf16>
    %53 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %54 = "stablehlo.convert"(%53) : (tensor<f32>) -> tensor<bf16>
    %55 = "stablehlo.pad"(%52, %54) {
      edge_padding_high = array<i64: 0, 2, 3, 0>,
      edge_padding_low = array<i64: 0, 1, 0, 0>,
      interior_padding = array<i64: 0, 1, 1, 0>
    } : (tensor<2x3x3x4xbf16>, tensor<bf16>) -> tensor<2x8x8x4xbf16>
    %56 = "stablehlo.add"(%44, %55) : (tensor<2x8x8x4xbf16>, tensor<2x8x8x4xbf16>) -> tensor<2x8x8x4xbf16>
    %57 = "stablehlo.compare"(%7, %x1) {
      compare_type = #stablehlo<comparison_type FLOAT>,
      comparison_direction = #stablehlo<comparison_direction EQ>
    } : (tensor<2x3x3x4xbf16>, tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xi1>
    %58 = "stablehlo.and"(%57, %48) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %59 = "stablehlo.not"(%58) : (tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %60 = "stablehlo.and"(%48, %59) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %61 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %62 = "stablehlo.convert"(%61) : (tensor<f32>) -> tensor<bf16>
    %63 = "stablehlo.broadcast_in_dim"(%62) { broadcast_dimensions = array<i64> } : (tensor<bf16>) -> tensor<2x3x3x4xbf16>
    %64 = "stablehlo.select"(%58, %x2, %63) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xbf16>, tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xbf16>
    %65 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %66 = "stablehlo.convert"(%65) : (tensor<f32>) -> tensor<bf16>
    %67 = "stablehlo.pad"(%64, %66) {
      edge_padding_high = array<i64: 0, 2, 2, 0>,
      edge_padding_low = array<i64: 0, 1, 1, 0>,
      interior_padding = array<i64: 0, 1, 1, 0>
    } : (tensor<2x3x3x4xbf16>, tensor<bf16>) -> tensor<2x8x8x4xbf16>
    %68 = "stablehlo.add"(%56, %67) : (tensor<2x8x8x4xbf16>, tensor<2x8x8x4xbf16>) -> tensor<2x8x8x4xbf16>
    %69 = "stablehlo.compare"(%8, %x1) {
      compare_type = #stablehlo<comparison_type FLOAT>,
      comparison_direction = #stablehlo<comparison_direction EQ>
    } : (tensor<2x3x3x4xbf16>, tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xi1>
    %70 = "stablehlo.and"(%69, %60) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %71 = "stablehlo.not"(%70) : (tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %72 = "stablehlo.and"(%60, %71) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %73 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %74 = "stablehlo.convert"(%73) : (tensor<f32>) -> tensor<bf16>
    %75 = "stablehlo.broadcast_in_dim"(%74) { broadcast_dimensions = array<i64> } : (tensor<bf16>) -> tensor<2x3x3x4xbf16>
    %76 = "stablehlo.select"(%70, %x2, %75) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xbf16>, tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xbf16>
    %77 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %78 = "stablehlo.convert"(%77) : (tensor<f32>) -> tensor<bf16>
    %79 = "stablehlo.pad"(%76, %78) {
      edge_padding_high = array<i64: 0, 2, 1, 0>,
      edge_padding_low = array<i64: 0, 1, 2, 0>,
      interior_padding = array<i64: 0, 1, 1, 0>
    } : (tensor<2x3x3x4xbf16>, tensor<bf16>) -> tensor<2x8x8x4xbf16>
    %80 = "stablehlo.add"(%68, %79) : (tensor<2x8x8x4xbf16>, tensor<2x8x8x4xbf16>) -> tensor<2x8x8x4xbf16>
    %81 = "stablehlo.compare"(%9, %x1) {
      compare_type = #stablehlo<comparison_type FLOAT>,
      comparison_direction = #stablehlo<comparison_direction EQ>
    } : (tensor<2x3x3x4xbf16>, tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xi1>
    %82 = "stablehlo.and"(%81, %72) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %83 = "stablehlo.not"(%82) : (tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %84 = "stablehlo.and"(%72, %83) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %85 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %86 = "stablehlo.convert"(%85) : (tensor<f32>) -> tensor<bf16>
    %87 = "stablehlo.broadcast_in_dim"(%86) { broadcast_dimensions = array<i64> } : (tensor<bf16>) -> tensor<2x3x3x4xbf16>
    %88 = "stablehlo.select"(%82, %x2, %87) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xbf16>, tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xbf16>
    %89 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %90 = "stablehlo.convert"(%89) : (tensor<f32>) -> tensor<bf16>
    %91 = "stablehlo.pad"(%88, %90) {
      edge_padding_high = array<i64: 0, 1, 3, 0>,
      edge_padding_low = array<i64: 0, 2, 0, 0>,
      interior_padding = array<i64: 0, 1, 1, 0>
    } : (tensor<2x3x3x4xbf16>, tensor<bf16>) -> tensor<2x8x8x4xbf16>
    %92 = "stablehlo.add"(%80, %91) : (tensor<2x8x8x4xbf16>, tensor<2x8x8x4xbf16>) -> tensor<2x8x8x4xbf16>
    %93 = "stablehlo.compare"(%10, %x1) {
      compare_type = #stablehlo<comparison_type FLOAT>,
      comparison_direction = #stablehlo<comparison_direction EQ>
    } : (tensor<2x3x3x4xbf16>, tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xi1>
    %94 = "stablehlo.and"(%93, %84) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %95 = "stablehlo.not"(%94) : (tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %96 = "stablehlo.and"(%84, %95) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %97 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %98 = "stablehlo.convert"(%97) : (tensor<f32>) -> tensor<bf16>
    %99 = "stablehlo.broadcast_in_dim"(%98) { broadcast_dimensions = array<i64> } : (tensor<bf16>) -> tensor<2x3x3x4xbf16>
    %100 = "stablehlo.select"(%94, %x2, %99) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xbf16>, tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xbf16>
    %101 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %102 = "stablehlo.convert"(%101) : (tensor<f32>) -> tensor<bf16>
    %103 = "stablehlo.pad"(%100, %102) {
      edge_padding_high = array<i64: 0, 1, 2, 0>,
      edge_padding_low = array<i64: 0, 2, 1, 0>,
      interior_padding = array<i64: 0, 1, 1, 0>
    } : (tensor<2x3x3x4xbf16>, tensor<bf16>) -> tensor<2x8x8x4xbf16>
    %104 = "stablehlo.add"(%92, %103) : (tensor<2x8x8x4xbf16>, tensor<2x8x8x4xbf16>) -> tensor<2x8x8x4xbf16>
    %105 = "stablehlo.compare"(%11, %x1) {
      compare_type = #stablehlo<comparison_type FLOAT>,
      comparison_direction = #stablehlo<comparison_direction EQ>
    } : (tensor<2x3x3x4xbf16>, tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xi1>
    %106 = "stablehlo.and"(%105, %96) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %107 = "stablehlo.not"(%106) : (tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %108 = "stablehlo.and"(%96, %107) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xi1>) -> tensor<2x3x3x4xi1>
    %109 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %110 = "stablehlo.convert"(%109) : (tensor<f32>) -> tensor<bf16>
    %111 = "stablehlo.broadcast_in_dim"(%110) { broadcast_dimensions = array<i64> } : (tensor<bf16>) -> tensor<2x3x3x4xbf16>
    %112 = "stablehlo.select"(%106, %x2, %111) : (tensor<2x3x3x4xi1>, tensor<2x3x3x4xbf16>, tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xbf16>
    %113 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %114 = "stablehlo.convert"(%113) : (tensor<f32>) -> tensor<bf16>
    %115 = "stablehlo.pad"(%112, %114) {
      edge_padding_high = array<i64: 0, 1, 1, 0>,
      edge_padding_low = array<i64: 0, 2, 2, 0>,
      interior_padding = array<i64: 0, 1, 1, 0>
    } : (tensor<2x3x3x4xbf16>, tensor<bf16>) -> tensor<2x8x8x4xbf16>
    %116 = "stablehlo.add"(%104, %115) : (tensor<2x8x8x4xbf16>, tensor<2x8x8x4xbf16>) -> tensor<2x8x8x4xbf16>
    %117 = "stablehlo.slice"(%116) {
      limit_indices = array<i64: 2, 7, 7, 4>,
      start_indices = array<i64: 0, 1, 1, 0>,
      strides = array<i64: 1, 1, 1, 1>
    } : (tensor<2x8x8x4xbf16>) -> tensor<2x6x6x4xbf16>
    "stablehlo.return"(%117) : (tensor<2x6x6x4xbf16>) -> ()
  }
}

// average pool
module @case {
  func.func @main(%x0: tensor<2x5x5x4xbf16>) -> tensor<2x4xbf16> {
    %0 = "stablehlo.convert"(%x0) : (tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xf32>
    %1 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %3 = "stablehlo.reduce"(%0, %1) ({
      ^reductionFn(%arg1: tensor<f32>, %arg2: tensor<f32>) :
          %2 = "stablehlo.add"(%arg1, %arg2) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%2) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 1, 2> } : (tensor<2x5x5x4xf32>, tensor<f32>) -> tensor<2x4xf32>
    %4 = "stablehlo.constant"() { value = dense<0.03999999910593033> : tensor<f32> } : () -> tensor<f32>
    %5 = "stablehlo.broadcast_in_dim"(%4) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x4xf32>
    %6 = "stablehlo.multiply"(%3, %5) : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
    %7 = "stablehlo.convert"(%6) : (tensor<2x4xf32>) -> tensor<2x4xbf16>
    "stablehlo.return"(%7) : (tensor<2x4xbf16>) -> ()
  }
}

// average pool grad
module @case {
  func.func @main(%x0: tensor<2x4xbf16>) -> tensor<2x5x5x4xbf16> {
    %0 = "stablehlo.convert"(%x0) : (tensor<2x4xbf16>) -> tensor<2x4xf32>
    %1 = "stablehlo.constant"() { value = dense<0.03999999910593033> : tensor<f32> } : () -> tensor<f32>
    %2 = "stablehlo.broadcast_in_dim"(%1) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x4xf32>
    %3 = "stablehlo.multiply"(%0, %2) : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
    %4 = "stablehlo.convert"(%3) : (tensor<2x4xf32>) -> tensor<2x4xbf16>
    %5 = "stablehlo.broadcast_in_dim"(%4) { broadcast_dimensions = array<i64: 0, 3> } : (tensor<2x4xbf16>) -> tensor<2x5x5x4xbf16>
    "stablehlo.return"(%5) : (tensor<2x5x5x4xbf16>) -> ()
  }
}

// gate
module @case {
  func.func @main(%x0: tensor<2x5x5x4xbf16>, %x1: tensor<2x4xf32>) -> tensor<2x5x5x4xbf16> {
    %0 = "stablehlo.convert"(%x0) : (tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xf32>
    %1 = "stablehlo.broadcast_in_dim"(%x1) { broadcast_dimensions = array<i64: 0, 3> } : (tensor<2x4xf32>) -> tensor<2x5x5x4xf32>
    %2 = "stablehlo.multiply"(%0, %1) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %3 = "stablehlo.convert"(%2) : (tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xbf16>
    "stablehlo.return"(%3) : (tensor<2x5x5x4xbf16>) -> ()
  }
}

// gate grad
module @case {
  func.func @main(%x0: tensor<2x5x5x4xbf16>, %x1: tensor<2x5x5x4xbf16>) -> tensor<2x4xbf16> {
    %0 = "stablehlo.convert"(%x0) : (tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xf32>
    %1 = "stablehlo.convert"(%x1) : (tensor<2x5x5x4xbf16>) -> tensor<2x5x5x4xf32>
    %2 = "stablehlo.multiply"(%0, %1) : (tensor<2x5x5x4xf32>, tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
    %3 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %5 = "stablehlo.reduce"(%2, %3) ({
      ^reductionFn(%arg2: tensor<f32>, %arg3: tensor<f32>) :
          %4 = "stablehlo.add"(%arg2, %arg3) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%4) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 1, 2> } : (tensor<2x5x5x4xf32>, tensor<f32>) -> tensor<2x4xf32>
    %6 = "stablehlo.convert"(%5) : (tensor<2x4xf32>) -> tensor<2x4xbf16>
    "stablehlo.return"(%6) : (tensor<2x4xbf16>) -> ()
  }
}

// layer scale
module @case {
  func.func @main(%x0: tensor<2x3x3x4xbf16>, %x1: tensor<4xf32>) -> tensor<2x3x3x4xbf16> {
    %0 = "stablehlo.convert"(%x0) : (tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xf32>
    %1 = "stablehlo.broadcast_in_dim"(%x1) { broadcast_dimensions = array<i64: 3> } : (tensor<4xf32>) -> tensor<2x3x3x4xf32>
    %2 = "stablehlo.multiply"(%0, %1) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %3 = "stablehlo.convert"(%2) : (tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xbf16>
    "stablehlo.return"(%3) : (tensor<2x3x3x4xbf16>) -> ()
  }
}

// layer scale grad
module @case {
  func.func @main(%x0: tensor<2x3x3x4xbf16>, %x1: tensor<2x3x3x4xbf16>) -> tensor<4xf32> {
    %0 = "stablehlo.convert"(%x0) : (tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xf32>
    %1 = "stablehlo.convert"(%x1) : (tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xf32>
    %2 = "stablehlo.multiply"(%0, %1) : (tensor<2x3x3x4xf32>, tensor<2x3x3x4xf32>) -> tensor<2x3x3x4xf32>
    %3 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %5 = "stablehlo.reduce"(%2, %3) ({
      ^reductionFn(%arg2: tensor<f32>, %arg3: tensor<f32>) :
          %4 = "stablehlo.add"(%arg2, %arg3) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%4) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2> } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<4xf32>
    "stablehlo.return"(%5) : (tensor<4xf32>) -> ()
  }
}

// sum
module @case {
  func.func @main(%x0: tensor<2x3xbf16>, %x1: tensor<2x3xbf16>) -> tensor<2x3xbf16> {
    %0 = "stablehlo.add"(%x0, %x1) : (tensor<2x3xbf16>, tensor<2x3xbf16>) -> tensor<2x3xbf16>
    "stablehlo.return"(%0) : (tensor<2x3xbf16>) -> ()
  }
}

// sum of rows
module @case {
  func.func @main(%x0: tensor<2x3x3x4xbf16>) -> tensor<4xf32> {
    %0 = "stablehlo.convert"(%x0) : (tensor<2x3x3x4xbf16>) -> tensor<2x3x3x4xf32>
    %1 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %3 = "stablehlo.reduce"(%0, %1) ({
      ^reductionFn(%arg1: tensor<f32>, %arg2: tensor<f32>) :
          %2 = "stablehlo.add"(%arg1, %arg2) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%2) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0, 1, 2> } : (tensor<2x3x3x4xf32>, tensor<f32>) -> tensor<4xf32>
    "stablehlo.return"(%3) : (tensor<4xf32>) -> ()
  }
}

// row
module @case {
  func.func @main(%x0: tensor<2x4xbf16>) -> tensor<4xbf16> {
    %0 = "stablehlo.slice"(%x0) {
      limit_indices = array<i64: 2, 4>,
      start_indices = array<i64: 1, 0>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xbf16>) -> tensor<1x4xbf16>
    %1 = "stablehlo.reshape"(%0) : (tensor<1x4xbf16>) -> tensor<4xbf16>
    "stablehlo.return"(%1) : (tensor<4xbf16>) -> ()
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
  func.func @main(%x0: tensor<2x4xbf16>) -> tensor<2x2xbf16> {
    %0 = "stablehlo.slice"(%x0) {
      limit_indices = array<i64: 2, 3>,
      start_indices = array<i64: 0, 1>,
      strides = array<i64: 1, 1>
    } : (tensor<2x4xbf16>) -> tensor<2x2xbf16>
    "stablehlo.return"(%0) : (tensor<2x2xbf16>) -> ()
  }
}

// pad
module @case {
  func.func @main(%x0: tensor<2x2xbf16>) -> tensor<2x4xbf16> {
    %0 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %1 = "stablehlo.convert"(%0) : (tensor<f32>) -> tensor<bf16>
    %2 = "stablehlo.pad"(%x0, %1) {
      edge_padding_high = array<i64: 0, 1>,
      edge_padding_low = array<i64: 0, 1>,
      interior_padding = array<i64: 0, 0>
    } : (tensor<2x2xbf16>, tensor<bf16>) -> tensor<2x4xbf16>
    "stablehlo.return"(%2) : (tensor<2x4xbf16>) -> ()
  }
}

// relu
module @case {
  func.func @main(%x0: tensor<2x3xbf16>) -> tensor<2x3xbf16> {
    %0 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %1 = "stablehlo.convert"(%0) : (tensor<f32>) -> tensor<bf16>
    %2 = "stablehlo.broadcast_in_dim"(%1) { broadcast_dimensions = array<i64> } : (tensor<bf16>) -> tensor<2x3xbf16>
    %3 = "stablehlo.maximum"(%x0, %2) : (tensor<2x3xbf16>, tensor<2x3xbf16>) -> tensor<2x3xbf16>
    "stablehlo.return"(%3) : (tensor<2x3xbf16>) -> ()
  }
}

// relu grad
module @case {
  func.func @main(%x0: tensor<2x3xbf16>, %x1: tensor<2x3xbf16>) -> tensor<2x3xbf16> {
    %0 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %1 = "stablehlo.convert"(%0) : (tensor<f32>) -> tensor<bf16>
    %2 = "stablehlo.broadcast_in_dim"(%1) { broadcast_dimensions = array<i64> } : (tensor<bf16>) -> tensor<2x3xbf16>
    %3 = "stablehlo.compare"(%x0, %2) {
      compare_type = #stablehlo<comparison_type FLOAT>,
      comparison_direction = #stablehlo<comparison_direction GT>
    } : (tensor<2x3xbf16>, tensor<2x3xbf16>) -> tensor<2x3xi1>
    %4 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %5 = "stablehlo.convert"(%4) : (tensor<f32>) -> tensor<bf16>
    %6 = "stablehlo.broadcast_in_dim"(%5) { broadcast_dimensions = array<i64> } : (tensor<bf16>) -> tensor<2x3xbf16>
    %7 = "stablehlo.select"(%3, %x1, %6) : (tensor<2x3xi1>, tensor<2x3xbf16>, tensor<2x3xbf16>) -> tensor<2x3xbf16>
    "stablehlo.return"(%7) : (tensor<2x3xbf16>) -> ()
  }
}

// gelu
module @case {
  func.func @main(%x0: tensor<2x3xbf16>) -> tensor<2x3xbf16> {
    %0 = "stablehlo.convert"(%x0) : (tensor<2x3xbf16>) -> tensor<2x3xf32>
    %1 = "stablehlo.constant"() { value = dense<0.7071067690849304> : tensor<f32> } : () -> tensor<f32>
    %2 = "stablehlo.broadcast_in_dim"(%1) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3xf32>
    %3 = "stablehlo.multiply"(%0, %2) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %4 = "chlo.erf"(%3) : (tensor<2x3xf32>) -> tensor<2x3xf32>
    %5 = "stablehlo.constant"() { value = dense<1.0> : tensor<f32> } : () -> tensor<f32>
    %6 = "stablehlo.broadcast_in_dim"(%5) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3xf32>
    %7 = "stablehlo.add"(%4, %6) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %8 = "stablehlo.constant"() { value = dense<0.5> : tensor<f32> } : () -> tensor<f32>
    %9 = "stablehlo.broadcast_in_dim"(%8) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3xf32>
    %10 = "stablehlo.multiply"(%7, %9) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %11 = "stablehlo.multiply"(%0, %10) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %12 = "stablehlo.convert"(%11) : (tensor<2x3xf32>) -> tensor<2x3xbf16>
    "stablehlo.return"(%12) : (tensor<2x3xbf16>) -> ()
  }
}

// gelu grad
module @case {
  func.func @main(%x0: tensor<2x3xbf16>, %x1: tensor<2x3xbf16>) -> tensor<2x3xbf16> {
    %0 = "stablehlo.convert"(%x0) : (tensor<2x3xbf16>) -> tensor<2x3xf32>
    %1 = "stablehlo.convert"(%x1) : (tensor<2x3xbf16>) -> tensor<2x3xf32>
    %2 = "stablehlo.multiply"(%0, %0) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %3 = "stablehlo.constant"() { value = dense<-0.5> : tensor<f32> } : () -> tensor<f32>
    %4 = "stablehlo.broadcast_in_dim"(%3) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3xf32>
    %5 = "stablehlo.multiply"(%2, %4) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %6 = "stablehlo.exponential"(%5) : (tensor<2x3xf32>) -> tensor<2x3xf32>
    %7 = "stablehlo.constant"() { value = dense<0.3989422917366028> : tensor<f32> } : () -> tensor<f32>
    %8 = "stablehlo.broadcast_in_dim"(%7) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3xf32>
    %9 = "stablehlo.multiply"(%6, %8) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %10 = "stablehlo.constant"() { value = dense<0.7071067690849304> : tensor<f32> } : () -> tensor<f32>
    %11 = "stablehlo.broadcast_in_dim"(%10) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3xf32>
    %12 = "stablehlo.multiply"(%0, %11) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %13 = "chlo.erf"(%12) : (tensor<2x3xf32>) -> tensor<2x3xf32>
    %14 = "stablehlo.constant"() { value = dense<1.0> : tensor<f32> } : () -> tensor<f32>
    %15 = "stablehlo.broadcast_in_dim"(%14) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3xf32>
    %16 = "stablehlo.add"(%13, %15) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %17 = "stablehlo.constant"() { value = dense<0.5> : tensor<f32> } : () -> tensor<f32>
    %18 = "stablehlo.broadcast_in_dim"(%17) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3xf32>
    %19 = "stablehlo.multiply"(%16, %18) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %20 = "stablehlo.multiply"(%0, %9) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %21 = "stablehlo.add"(%19, %20) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %22 = "stablehlo.multiply"(%1, %21) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %23 = "stablehlo.convert"(%22) : (tensor<2x3xf32>) -> tensor<2x3xbf16>
    "stablehlo.return"(%23) : (tensor<2x3xbf16>) -> ()
  }
}

// silu
module @case {
  func.func @main(%x0: tensor<2x3xbf16>) -> tensor<2x3xbf16> {
    %0 = "stablehlo.convert"(%x0) : (tensor<2x3xbf16>) -> tensor<2x3xf32>
    %1 = "stablehlo.logistic"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
    %2 = "stablehlo.multiply"(%0, %1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %3 = "stablehlo.convert"(%2) : (tensor<2x3xf32>) -> tensor<2x3xbf16>
    "stablehlo.return"(%3) : (tensor<2x3xbf16>) -> ()
  }
}

// silu grad
module @case {
  func.func @main(%x0: tensor<2x3xbf16>, %x1: tensor<2x3xbf16>) -> tensor<2x3xbf16> {
    %0 = "stablehlo.convert"(%x0) : (tensor<2x3xbf16>) -> tensor<2x3xf32>
    %1 = "stablehlo.convert"(%x1) : (tensor<2x3xbf16>) -> tensor<2x3xf32>
    %2 = "stablehlo.logistic"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
    %3 = "stablehlo.multiply"(%1, %2) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %4 = "stablehlo.negate"(%2) : (tensor<2x3xf32>) -> tensor<2x3xf32>
    %5 = "stablehlo.constant"() { value = dense<1.0> : tensor<f32> } : () -> tensor<f32>
    %6 = "stablehlo.broadcast_in_dim"(%5) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3xf32>
    %7 = "stablehlo.add"(%4, %6) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %8 = "stablehlo.multiply"(%0, %7) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %9 = "stablehlo.constant"() { value = dense<1.0> : tensor<f32> } : () -> tensor<f32>
    %10 = "stablehlo.broadcast_in_dim"(%9) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3xf32>
    %11 = "stablehlo.add"(%8, %10) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %12 = "stablehlo.multiply"(%3, %11) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %13 = "stablehlo.convert"(%12) : (tensor<2x3xf32>) -> tensor<2x3xbf16>
    "stablehlo.return"(%13) : (tensor<2x3xbf16>) -> ()
  }
}

// sigmoid
module @case {
  func.func @main(%x0: tensor<2x3xbf16>) -> tensor<2x3xbf16> {
    %0 = "stablehlo.convert"(%x0) : (tensor<2x3xbf16>) -> tensor<2x3xf32>
    %1 = "stablehlo.logistic"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
    %2 = "stablehlo.convert"(%1) : (tensor<2x3xf32>) -> tensor<2x3xbf16>
    "stablehlo.return"(%2) : (tensor<2x3xbf16>) -> ()
  }
}

// sigmoid grad
module @case {
  func.func @main(%x0: tensor<2x3xbf16>, %x1: tensor<2x3xbf16>) -> tensor<2x3xbf16> {
    %0 = "stablehlo.convert"(%x0) : (tensor<2x3xbf16>) -> tensor<2x3xf32>
    %1 = "stablehlo.convert"(%x1) : (tensor<2x3xbf16>) -> tensor<2x3xf32>
    %2 = "stablehlo.negate"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
    %3 = "stablehlo.constant"() { value = dense<1.0> : tensor<f32> } : () -> tensor<f32>
    %4 = "stablehlo.broadcast_in_dim"(%3) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<2x3xf32>
    %5 = "stablehlo.add"(%2, %4) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %6 = "stablehlo.multiply"(%0, %5) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %7 = "stablehlo.multiply"(%1, %6) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %8 = "stablehlo.convert"(%7) : (tensor<2x3xf32>) -> tensor<2x3xbf16>
    "stablehlo.return"(%8) : (tensor<2x3xbf16>) -> ()
  }
}

// cross-entropy
module @case {
  func.func @main(%x0: tensor<4x3xbf16>, %x1: tensor<4xf32>) -> tensor<f32> {
    %0 = "stablehlo.convert"(%x0) : (tensor<4x3xbf16>) -> tensor<4x3xf32>
    %1 = "stablehlo.constant"() { value = dense<0xff800000> : tensor<f32> } : () -> tensor<f32>
    %3 = "stablehlo.reduce"(%0, %1) ({
      ^reductionFn(%arg2: tensor<f32>, %arg3: tensor<f32>) :
          %2 = "stablehlo.maximum"(%arg2, %arg3) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%2) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 1> } : (tensor<4x3xf32>, tensor<f32>) -> tensor<4xf32>
    %4 = "stablehlo.broadcast_in_dim"(%3) { broadcast_dimensions = array<i64: 0> } : (tensor<4xf32>) -> tensor<4x3xf32>
    %5 = "stablehlo.subtract"(%0, %4) : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
    %6 = "stablehlo.iota"() { iota_dimension = 1 : i64 } : () -> tensor<4x3xi32>
    %7 = "stablehlo.convert"(%x1) : (tensor<4xf32>) -> tensor<4xi32>
    %8 = "stablehlo.broadcast_in_dim"(%7) { broadcast_dimensions = array<i64: 0> } : (tensor<4xi32>) -> tensor<4x3xi32>
    %9 = "stablehlo.compare"(%6, %8) {
      compare_type = #stablehlo<comparison_type SIGNED>,
      comparison_direction = #stablehlo<comparison_direction EQ>
    } : (tensor<4x3xi32>, tensor<4x3xi32>) -> tensor<4x3xi1>
    %10 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %11 = "stablehlo.broadcast_in_dim"(%10) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4x3xf32>
    %12 = "stablehlo.select"(%9, %5, %11) : (tensor<4x3xi1>, tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
    %13 = "stablehlo.exponential"(%5) : (tensor<4x3xf32>) -> tensor<4x3xf32>
    %14 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %16 = "stablehlo.reduce"(%13, %14) ({
      ^reductionFn(%arg4: tensor<f32>, %arg5: tensor<f32>) :
          %15 = "stablehlo.add"(%arg4, %arg5) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%15) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 1> } : (tensor<4x3xf32>, tensor<f32>) -> tensor<4xf32>
    %17 = "stablehlo.log"(%16) : (tensor<4xf32>) -> tensor<4xf32>
    %18 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %20 = "stablehlo.reduce"(%12, %18) ({
      ^reductionFn(%arg6: tensor<f32>, %arg7: tensor<f32>) :
          %19 = "stablehlo.add"(%arg6, %arg7) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%19) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 1> } : (tensor<4x3xf32>, tensor<f32>) -> tensor<4xf32>
    %21 = "stablehlo.subtract"(%17, %20) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %22 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %24 = "stablehlo.reduce"(%21, %22) ({
      ^reductionFn(%arg8: tensor<f32>, %arg9: tensor<f32>) :
          %23 = "stablehlo.add"(%arg8, %arg9) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%23) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 0> } : (tensor<4xf32>, tensor<f32>) -> tensor<f32>
    %25 = "stablehlo.constant"() { value = dense<0.25> : tensor<f32> } : () -> tensor<f32>
    %26 = "stablehlo.multiply"(%24, %25) : (tensor<f32>, tensor<f32>) -> tensor<f32>
    "stablehlo.return"(%26) : (tensor<f32>) -> ()
  }
}

// cross-entropy grad
module @case {
  func.func @main(%x0: tensor<4x3xbf16>, %x1: tensor<4xf32>, %x2: tensor<f32>) -> tensor<4x3xbf16> {
    %0 = "stablehlo.convert"(%x0) : (tensor<4x3xbf16>) -> tensor<4x3xf32>
    %1 = "stablehlo.constant"() { value = dense<0xff800000> : tensor<f32> } : () -> tensor<f32>
    %3 = "stablehlo.reduce"(%0, %1) ({
      ^reductionFn(%arg3: tensor<f32>, %arg4: tensor<f32>) :
          %2 = "stablehlo.maximum"(%arg3, %arg4) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%2) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 1> } : (tensor<4x3xf32>, tensor<f32>) -> tensor<4xf32>
    %4 = "stablehlo.broadcast_in_dim"(%3) { broadcast_dimensions = array<i64: 0> } : (tensor<4xf32>) -> tensor<4x3xf32>
    %5 = "stablehlo.subtract"(%0, %4) : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
    %6 = "stablehlo.exponential"(%5) : (tensor<4x3xf32>) -> tensor<4x3xf32>
    %7 = "stablehlo.constant"() { value = dense<0.0> : tensor<f32> } : () -> tensor<f32>
    %9 = "stablehlo.reduce"(%6, %7) ({
      ^reductionFn(%arg5: tensor<f32>, %arg6: tensor<f32>) :
          %8 = "stablehlo.add"(%arg5, %arg6) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%8) : (tensor<f32>) -> ()
    }) { dimensions = array<i64: 1> } : (tensor<4x3xf32>, tensor<f32>) -> tensor<4xf32>
    %10 = "stablehlo.broadcast_in_dim"(%9) { broadcast_dimensions = array<i64: 0> } : (tensor<4xf32>) -> tensor<4x3xf32>
    %11 = "stablehlo.divide"(%6, %10) : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
    %12 = "stablehlo.iota"() { iota_dimension = 1 : i64 } : () -> tensor<4x3xi32>
    %13 = "stablehlo.convert"(%x1) : (tensor<4xf32>) -> tensor<4xi32>
    %14 = "stablehlo.broadcast_in_dim"(%13) { broadcast_dimensions = array<i64: 0> } : (tensor<4xi32>) -> tensor<4x3xi32>
    %15 = "stablehlo.compare"(%12, %14) {
      compare_type = #stablehlo<comparison_type SIGNED>,
      comparison_direction = #stablehlo<comparison_direction EQ>
    } : (tensor<4x3xi32>, tensor<4x3xi32>) -> tensor<4x3xi1>
    %16 = "stablehlo.convert"(%15) : (tensor<4x3xi1>) -> tensor<4x3xf32>
    %17 = "stablehlo.constant"() { value = dense<0.25> : tensor<f32> } : () -> tensor<f32>
    %18 = "stablehlo.multiply"(%x2, %17) : (tensor<f32>, tensor<f32>) -> tensor<f32>
    %19 = "stablehlo.subtract"(%11, %16) : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
    %20 = "stablehlo.broadcast_in_dim"(%18) { broadcast_dimensions = array<i64> } : (tensor<f32>) -> tensor<4x3xf32>
    %21 = "stablehlo.multiply"(%19, %20) : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
    %22 = "stablehlo.convert"(%21) : (tensor<4x3xf32>) -> tensor<4x3xbf16>
    "stablehlo.return"(%22) : (tensor<4x3xbf16>) -> ()
  }
}

