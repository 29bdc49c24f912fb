package data

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"io"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// checksums returns the CRC-32C of every image.
func checksums(pixels []byte, imageBytes int) []uint32 {
	sums := make([]uint32, len(pixels)/imageBytes)
	for i := range sums {
		sums[i] = crc32.Checksum(pixels[i*imageBytes:(i+1)*imageBytes], castagnoli)
	}
	return sums
}

// dataDigest covers what a run learns from: label lists, labels, split, order
// and pixels. Paths are left out, so that moving a data set keeps its digest.
func dataDigest(p *Prepared) string {
	h := sha256.New()
	number := func(v int) { _ = binary.Write(h, binary.LittleEndian, int64(v)) }
	text := func(s string) { number(len(s)); _, _ = io.WriteString(h, s) }
	number(p.Size)
	for _, t := range p.Tasks {
		text(t.Name)
		for _, c := range t.Classes {
			text(c)
		}
	}
	for _, img := range p.Images {
		for _, l := range img.Labels {
			number(int(l))
		}
	}
	for _, part := range Parts() {
		text(string(part))
		for _, i := range p.parts[part] {
			number(int(i))
		}
	}
	h.Write(p.pixels)
	return hex.EncodeToString(h.Sum(nil))
}
