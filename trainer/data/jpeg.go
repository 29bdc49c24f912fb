package data

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"

	"github.com/gen2brain/jpegn"
)

// decodeJPEG decodes a whole JPEG file. Gray and YCbCr images come from the
// faster of two decoders, other colours from the standard library's.
func decodeJPEG(b []byte) (m image.Image, err error) {
	c, err := jpeg.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	if c.ColorModel != color.GrayModel && c.ColorModel != color.YCbCrModel {
		return jpeg.Decode(bytes.NewReader(b))
	}
	if err := checkScans(b); err != nil {
		return nil, err
	}
	defer func() {
		if r := recover(); r != nil {
			m, err = nil, fmt.Errorf("it cannot be decoded (%v)", r)
		}
	}()
	return jpegn.Decode(bytes.NewReader(b))
}

// Markers of a JPEG (ITU T.81, table B.1): the byte after 0xff.
const (
	markerTEM  = 0x01 // without a segment, as are RST0…7
	markerRST0 = 0xd0
	markerRST7 = 0xd7
	markerSOI  = 0xd8
	markerEOI  = 0xd9
	markerSOS  = 0xda
	markerDRI  = 0xdd
)

var errScanData = errors.New("foreign bytes in the pixels")

// checkScans walks over the segments of a JPEG and finds what the fast decoder
// forgives: an end before the end marker, and pixels that are interrupted by
// anything but restart markers in their order.
func checkScans(b []byte) error {
	restarts := 0 // MCUs between restart markers
	for at := 2; ; {
		marker, next, err := nextMarker(b, at)
		switch {
		case err != nil:
			return err
		case marker == markerEOI:
			return nil
		case marker == markerTEM || marker >= markerRST0 && marker <= markerSOI:
			return errScanData
		}
		if next+2 > len(b) {
			return io.ErrUnexpectedEOF
		}
		size := int(b[next])<<8 | int(b[next+1])
		if size < 2 {
			return fmt.Errorf("a segment of %d bytes", size)
		}
		at = next + size
		if at > len(b) {
			return io.ErrUnexpectedEOF
		}
		if marker == markerDRI && size >= 4 {
			restarts = int(b[next+2])<<8 | int(b[next+3])
		}
		if marker == markerSOS {
			if at, err = endOfScan(b, at, restarts > 0); err != nil {
				return err
			}
		}
	}
}

// nextMarker returns the marker at b[at:], which may be padded with 0xff, and
// where the bytes after it begin.
func nextMarker(b []byte, at int) (marker byte, next int, err error) {
	if at < len(b) && b[at] != 0xff {
		return 0, 0, errScanData
	}
	for ; at < len(b); at++ {
		if b[at] != 0xff {
			return b[at], at + 1, nil
		}
	}
	return 0, 0, io.ErrUnexpectedEOF
}

// endOfScan returns where the marker after the pixels at b[at:] begins.
func endOfScan(b []byte, at int, restarts bool) (int, error) {
	for expect := byte(markerRST0); ; {
		i := bytes.IndexByte(b[at:], 0xff)
		if i < 0 || at+i+1 >= len(b) {
			return 0, io.ErrUnexpectedEOF
		}
		at += i
		switch next := b[at+1]; {
		case next == 0: // a byte 0xff of the pixels
			at += 2
		case next == 0xff:
			at++
		case next >= markerRST0 && next <= markerRST7:
			if !restarts || next != expect {
				return 0, errScanData
			}
			expect = markerRST0 | (next+1)&7
			at += 2
		default:
			return at, nil
		}
	}
}
