// Package chart draws the app's charts, bars and heat maps as strings.
//
// Everything here is pure: no I/O, no clock, no terminal. What a function draws
// has exactly the width and height it was asked for, in terminal cells, whatever
// the data; double-width letters count as two.
//
// A Series holds one curve and answers minima and maxima of any stretch in
// logarithmic time, so a chart of a million points costs as much as one of a
// thousand, and every column shows the extremes of the points in it: a spike
// never vanishes. Curves are drawn with the braille of ntcharts' runes. Its
// canvas is not used: it styles each cell on its own, which at 200×50 takes
// longer than a frame may and sends an escape sequence for every letter.
package chart
