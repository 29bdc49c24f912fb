// Command gen writes the assembly of package kernel with avo: one family of
// functions a file, each function for AVX2 with FMA and for AVX-512.
package main

import (
	"flag"
	"log"

	. "github.com/mmcloughlin/avo/build"
)

func main() {
	family := flag.String("family", "", "what to generate")
	families := map[string]func(machine){
		"micro":       micro,
		"elementwise": elementwise,
		"rows":        rows,
		"normact":     normActivate,
		"mac":         mac,
		"macrow":      macRow,
		"layernorm":   layerNorm,
		"pack":        pack,
	}
	// avo reads its own flags (-out) with the same parse.
	flag.Parse()
	generate, ok := families[*family]
	if !ok {
		log.Fatalf("gen: unknown family %q", *family)
	}
	for _, m := range []machine{avx512, avx2} {
		generate(m)
	}
	Generate()
}
