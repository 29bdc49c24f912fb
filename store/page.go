package store

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"io"
)

// The pages of a bbolt file, as its format (version 2) has them. All integers
// are in the byte order of the machine, in practice little-endian.
//
//	page     id u64 · flags u16 · count u16 · overflow u32 (further pages of the same kind)
//	meta     magic u32 · version u32 · page size u32 · flags u32 · root u64 · sequence u64 ·
//	         freelist u64 · high-water page u64 · transaction u64 · FNV-1a of what precedes u64
//	branch   count × {pos u32 · key size u32 · child u64}, pos counted from the element
//	leaf     count × {flags u32 · pos u32 · key size u32 · value size u32}
//	freelist page ids u64; count 0xFFFF: the first is the number of them
const (
	pageHeader  = 16
	pageElement = 16
	metaSize    = 64
	boltMagic   = 0xED0CDAED
	boltVersion = 2

	flagBranch   = 0x01
	flagLeaf     = 0x02
	flagFreelist = 0x10

	leafBucket   = 0x01 // flag of a leaf element: the value is a bucket
	bucketHeader = 16   // root u64 · sequence u64; root 0: the page follows inline
	noFreelist   = 0xFFFFFFFFFFFFFFFF

	maxDepth    = 64   // of pages below each other; far beyond any real tree
	maxProblems = 1000 // reported of one file
)

type boltMeta struct {
	pageSize             int64
	root, freelist, high uint64
	tx                   uint64
}

// pageChecker walks every page that the file's valid meta page reaches, reading
// the file itself rather than a map of it, and nothing of the values but nested
// buckets. A file without problems can be given to bbolt safely: no page leads
// out of the file, to itself, or to a page of another kind, and no free page is
// in use.
type pageChecker struct {
	r        io.ReaderAt
	meta     boltMeta
	used     []uint64 // bit set of pages
	problems []Problem
}

// checkPages returns what is wrong with the structure of a bbolt file of size bytes.
func checkPages(r io.ReaderAt, size int64) []Problem {
	meta, ok := readMeta(r, size)
	if !ok {
		return []Problem{{"", "no bbolt database, or cut within its first pages"}}
	}
	if have := uint64(size / meta.pageSize); meta.high > have {
		return []Problem{{"", fmt.Sprintf("cut short: %d bytes of at least %d", size, int64(meta.high)*meta.pageSize)}}
	}
	c := &pageChecker{r: r, meta: meta, used: make([]uint64, meta.high/64+1)}
	c.page(meta.root, 0)
	if meta.freelist != noFreelist {
		c.freelist(meta.freelist)
	}
	return c.problems
}

// readMeta finds the newer valid one of the two meta pages, as bbolt does: the
// second page's place depends on the page size, which only a meta page tells.
func readMeta(r io.ReaderAt, size int64) (boltMeta, bool) {
	var best boltMeta
	found := false
	for try := range 16 {
		var at int64
		if try > 0 {
			at = 512 << try
		}
		if at+pageHeader+metaSize > size {
			break
		}
		m, ok := parseMeta(r, at)
		if !ok || (at != 0 && at != m.pageSize) {
			continue
		}
		if !found || m.tx > best.tx {
			best, found = m, true
		}
	}
	return best, found
}

// checkMetas returns the meta pages that are damaged. bbolt works with the other
// one, but what was committed last may be missing then.
func checkMetas(r io.ReaderAt, size int64) []Problem {
	meta, ok := readMeta(r, size)
	if !ok {
		return nil // checkPages says so
	}
	var problems []Problem
	for id := range int64(2) {
		if _, ok := parseMeta(r, id*meta.pageSize); !ok {
			problems = append(problems, Problem{fmt.Sprintf("page %d", id), "this copy of the file's head is damaged: the last change may be lost"})
		}
	}
	return problems
}

func parseMeta(r io.ReaderAt, at int64) (boltMeta, bool) {
	var b [metaSize]byte
	if _, err := r.ReadAt(b[:], at+pageHeader); err != nil {
		return boltMeta{}, false
	}
	h := fnv.New64a()
	h.Write(b[:56])
	u32, u64 := binary.LittleEndian.Uint32, binary.LittleEndian.Uint64
	m := boltMeta{
		pageSize: int64(u32(b[8:])), root: u64(b[16:]), freelist: u64(b[32:]), high: u64(b[40:]), tx: u64(b[48:]),
	}
	ok := u32(b[0:]) == boltMagic && u32(b[4:]) == boltVersion && u64(b[56:]) == h.Sum64() &&
		m.pageSize >= 1024 && m.pageSize <= 16<<20
	return m, ok
}

func (c *pageChecker) problem(id uint64, format string, args ...any) {
	if len(c.problems) < maxProblems {
		c.problems = append(c.problems, Problem{fmt.Sprintf("page %d", id), fmt.Sprintf(format, args...)})
	}
}

// mark notes pages as used; false when one lies outside of the file or is used already.
func (c *pageChecker) mark(id, n uint64) bool {
	if id < 2 || n > c.meta.high || id > c.meta.high-n {
		c.problem(id, "lies outside of the file's %d pages", c.meta.high)
		return false
	}
	for p := id; p < id+n; p++ {
		if c.isUsed(p) {
			c.problem(p, "is used twice")
			return false
		}
		c.used[p/64] |= 1 << (p % 64)
	}
	return true
}

func (c *pageChecker) isUsed(id uint64) bool { return c.used[id/64]&(1<<(id%64)) != 0 }

// header reads and marks a page; body is its first physical page, room the
// bytes it has in all.
func (c *pageChecker) header(id uint64) (flags, count uint16, body []byte, room int64, ok bool) {
	if id < 2 || id >= c.meta.high {
		c.problem(id, "lies outside of the file's %d pages", c.meta.high)
		return
	}
	body = make([]byte, c.meta.pageSize)
	if _, err := c.r.ReadAt(body, int64(id)*c.meta.pageSize); err != nil {
		c.problem(id, "cannot be read: %v", err)
		return
	}
	if self := binary.LittleEndian.Uint64(body); self != id {
		c.problem(id, "says it is page %d", self)
		return
	}
	flags, count = binary.LittleEndian.Uint16(body[8:]), binary.LittleEndian.Uint16(body[10:])
	pages := uint64(binary.LittleEndian.Uint32(body[12:])) + 1
	return flags, count, body, int64(pages) * c.meta.pageSize, c.mark(id, pages)
}

// bytes returns n bytes at off of a page, from body when they lie in it.
func (c *pageChecker) bytes(id uint64, body []byte, off, n int64) ([]byte, bool) {
	if off+n <= int64(len(body)) {
		return body[off : off+n], true
	}
	b := make([]byte, n)
	if _, err := c.r.ReadAt(b, int64(id)*c.meta.pageSize+off); err != nil {
		c.problem(id, "cannot be read: %v", err)
		return nil, false
	}
	return b, true
}

func (c *pageChecker) page(id uint64, depth int) {
	if depth > maxDepth {
		c.problem(id, "lies too deep")
		return
	}
	flags, count, body, room, ok := c.header(id)
	if !ok {
		return
	}
	table := pageHeader + int64(count)*pageElement
	if table > room {
		c.problem(id, "%d elements do not fit", count)
		return
	}
	elements, ok := c.bytes(id, body, pageHeader, table-pageHeader)
	if !ok {
		return
	}
	switch flags {
	case flagBranch:
		if count == 0 {
			c.problem(id, "a branch without children")
		}
		for i := range int64(count) {
			e := elements[i*pageElement:]
			pos, key := int64(binary.LittleEndian.Uint32(e)), int64(binary.LittleEndian.Uint32(e[4:]))
			if at := pageHeader + i*pageElement + pos; at < table || at+key > room {
				c.problem(id, "element %d lies outside", i)
				return
			}
			c.page(binary.LittleEndian.Uint64(e[8:]), depth+1)
		}
	case flagLeaf:
		c.leaf(id, elements, table, room, depth, func(off, n int64) ([]byte, bool) { return c.bytes(id, body, off, n) })
	default:
		c.problem(id, "is neither branch nor leaf (flags %#x)", flags)
	}
}

// leaf checks a leaf's elements; at returns bytes by their offset in the page.
// An inline page is a leaf too, within the value of another.
func (c *pageChecker) leaf(id uint64, elements []byte, table, room int64, depth int, at func(off, n int64) ([]byte, bool)) {
	for i := range int64(len(elements) / pageElement) {
		e := elements[i*pageElement:]
		u32 := func(off int) int64 { return int64(binary.LittleEndian.Uint32(e[off:])) }
		flags, pos, key, value := u32(0), pageHeader+i*pageElement+u32(4), u32(8), u32(12)
		if key == 0 || pos < table || pos+key+value > room {
			c.problem(id, "element %d lies outside", i)
			return
		}
		if flags&leafBucket == 0 {
			continue
		}
		if value < bucketHeader {
			c.problem(id, "element %d is a bucket of %d bytes", i, value)
			continue
		}
		head, ok := at(pos+key, bucketHeader)
		if !ok {
			return
		}
		if root := binary.LittleEndian.Uint64(head); root != 0 {
			c.page(root, depth+1)
			continue
		}
		inline, ok := at(pos+key+bucketHeader, value-bucketHeader)
		if !ok {
			return
		}
		c.inline(id, i, inline, depth+1)
	}
}

func (c *pageChecker) inline(id uint64, element int64, page []byte, depth int) {
	if depth > maxDepth || len(page) < pageHeader {
		c.problem(id, "the bucket in element %d is cut", element)
		return
	}
	room := int64(len(page))
	table := pageHeader + int64(binary.LittleEndian.Uint16(page[10:]))*pageElement
	if flags := binary.LittleEndian.Uint16(page[8:]); flags != flagLeaf || table > room {
		c.problem(id, "the bucket in element %d is no leaf or cut", element)
		return
	}
	c.leaf(id, page[pageHeader:table], table, room, depth, func(off, n int64) ([]byte, bool) {
		return page[off : off+n], true
	})
}

func (c *pageChecker) freelist(id uint64) {
	flags, short, body, room, ok := c.header(id)
	if !ok {
		return
	}
	if flags != flagFreelist {
		c.problem(id, "is no list of free pages (flags %#x)", flags)
		return
	}
	count, off := uint64(short), int64(pageHeader)
	if short == 0xFFFF {
		count, off = binary.LittleEndian.Uint64(body[pageHeader:]), off+8
	}
	if count > c.meta.high || off+int64(count)*8 > room {
		c.problem(id, "%d free pages do not fit", count)
		return
	}
	ids, ok := c.bytes(id, body, off, int64(count)*8)
	if !ok {
		return
	}
	for i := range count {
		free := binary.LittleEndian.Uint64(ids[i*8:])
		if !c.mark(free, 1) {
			c.problem(id, "calls page %d free", free)
		}
	}
}
