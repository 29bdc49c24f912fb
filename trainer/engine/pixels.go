package engine

// Mean is what is subtracted from the red, green and blue of an image scaled to
// 0…1, and Std what the rest is divided by: the statistics of ImageNet.
func Mean() [3]float32 { return [3]float32{0.485, 0.456, 0.406} }

// Std is described at Mean.
func Std() [3]float32 { return [3]float32{0.229, 0.224, 0.225} }
