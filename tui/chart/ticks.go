package chart

import "math"

// linearTicks returns up to about count round values in lo…hi and the step
// between them: 1, 2 or 5 times a power of ten and at least least.
func linearTicks(lo, hi float64, count int, least float64) (ticks []float64, step float64) {
	span := hi - lo
	if !(span > 0) || math.IsInf(span, 0) || count < 1 {
		return nil, 0
	}
	if step = max(niceStep(span/float64(count)), least); math.IsInf(step, 0) {
		return nil, 0
	}
	first := math.Ceil(lo/step - 1e-9)
	for i := 0.0; i <= float64(2*count+2); i++ {
		v := (first + i) * step
		if v > hi+span*1e-9 {
			break
		}
		if len(ticks) > 0 && v <= ticks[len(ticks)-1] {
			break // the step is below what a float can tell apart here
		}
		ticks = append(ticks, v)
	}
	return ticks, step
}

// niceStep rounds up to 1, 2 or 5 times a power of ten.
func niceStep(rough float64) float64 {
	if rough < 1e-300 {
		return 1e-300
	}
	power := math.Pow(10, math.Floor(math.Log10(rough)))
	switch r := rough / power; {
	case r <= 1+1e-9:
		return power
	case r <= 2+1e-9:
		return 2 * power
	case r <= 5+1e-9:
		return 5 * power
	}
	return 10 * power
}

// logTicks returns up to about count values between 10^lo and 10^hi: powers of
// ten, or every few of them, or 1-2-5 where there are few; over less than an
// octave, evenly spaced values.
func logTicks(lo, hi float64, count int) []float64 {
	if !(hi > lo) || count < 1 {
		return nil
	}
	decades := math.Floor(hi+1e-9) - math.Ceil(lo-1e-9) + 1
	if decades >= 2 || hi-lo > 1.5 {
		every := max(1, math.Ceil(decades/float64(count)))
		one := powers(lo, hi, every, []float64{1})
		fine := powers(lo, hi, 1, []float64{1, 2, 5})
		if every == 1 && len(fine) <= count {
			return fine
		}
		return one
	}
	fine := powers(lo, hi, 1, []float64{1, 2, 5})
	if len(fine) >= 3 && len(fine) <= count+1 {
		return fine
	}
	ticks, _ := linearTicks(math.Pow(10, lo), math.Pow(10, hi), count, 0)
	return ticks
}

// powers returns the multiples of every every-th power of ten in 10^lo…10^hi.
func powers(lo, hi, every float64, multiples []float64) []float64 {
	var ticks []float64
	for e := math.Floor(lo/every) * every; e <= hi+1e-9; e += every {
		for _, m := range multiples {
			// Powers from the table are exact decimals; products of logarithms are not.
			v := m * math.Pow10(int(e))
			if l := math.Log10(v); l >= lo-1e-9 && l <= hi+1e-9 {
				ticks = append(ticks, v)
			}
		}
	}
	return ticks
}
