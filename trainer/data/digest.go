package data

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"io"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// imageSum is the checksum of an image's pixels: the CRC is compared whenever
// they are read, the SHA-256 goes into the digest of the data set.
type imageSum struct {
	crc uint32
	sha [sha256.Size]byte
}

func sumOf(pixels []byte) imageSum {
	return imageSum{crc32.Checksum(pixels, castagnoli), sha256.Sum256(pixels)}
}

// dataDigest covers what a run learns from: label lists, labels, split, order
// and pixels. Paths are left out, so that moving a data set keeps its digest.
func dataDigest(p *Prepared, sums []imageSum) string {
	h := sha256.New()
	number := func(v int) { _ = binary.Write(h, binary.LittleEndian, int64(v)) }
	text := func(s string) { number(len(s)); _, _ = io.WriteString(h, s) }
	number(p.Size)
	number(len(p.Tasks))
	for _, t := range p.Tasks {
		text(t.Name)
		number(len(t.Classes))
		for _, c := range t.Classes {
			text(c)
		}
	}
	for i, img := range p.Images {
		for _, l := range img.Labels {
			number(int(l))
		}
		_, _ = h.Write(sums[i].sha[:])
	}
	for _, part := range Parts() {
		text(string(part))
		number(len(p.parts[part]))
		for _, i := range p.parts[part] {
			number(int(i))
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}
