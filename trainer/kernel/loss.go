package kernel

import "math"

// CrossEntropy computes loss[0], the mean over the rows of logits [rows,classes]
// of -log softmax(row)[label]. labels [rows] hold class indices as floats.
func (p *Pool) CrossEntropy(loss, logits, labels []float32, rows, classes int) {
	var sum float64
	for r := range rows {
		row := logits[r*classes:][:classes]
		top, total := expSum(row)
		sum += math.Log(total) + top - float64(row[int(labels[r])])
	}
	loss[0] = float32(sum / float64(rows))
}

// CrossEntropyGrad computes dx [rows,classes] = (softmax - onehot)*dloss[0]/rows.
func (p *Pool) CrossEntropyGrad(dx, logits, labels, dloss []float32, rows, classes int) {
	scale := float64(dloss[0]) / float64(rows)
	for r := range rows {
		row, out := logits[r*classes:][:classes], dx[r*classes:][:classes]
		top, total := expSum(row)
		label := int(labels[r])
		for j, v := range row {
			g := math.Exp(float64(v)-top) / total
			if j == label {
				g--
			}
			out[j] = float32(g * scale)
		}
	}
}

// expSum returns the largest value of a row and the sum of exp(v - largest).
func expSum(row []float32) (top, total float64) {
	top = math.Inf(-1)
	for _, v := range row {
		top = max(top, float64(v))
	}
	for _, v := range row {
		total += math.Exp(float64(v) - top)
	}
	return top, total
}
