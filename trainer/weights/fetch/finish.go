package fetch

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
)

// finish checks the whole part and gives it its name. A part that is not what it
// should be is deleted.
func (d *download) finish() (Result, error) {
	h := sha256.New()
	if _, err := io.Copy(h, d.p.reader()); err != nil {
		return Result{}, d.disk(err)
	}
	out := Result{Path: d.r.Path, Size: d.p.size, SHA256: hex.EncodeToString(h.Sum(nil))}
	for _, want := range []struct{ sum, from string }{
		{strings.ToLower(d.r.SHA256), d.r.By},
		{d.p.state.SHA256, "the server's word"},
	} {
		if want.sum == "" {
			continue
		}
		if !strings.HasPrefix(out.SHA256, want.sum) {
			if err := d.p.restart(); err != nil {
				return Result{}, d.disk(err)
			}
			return Result{}, &ChecksumError{d.r.URL, out.SHA256, want.sum, want.from}
		}
		if out.Checked == "" {
			out.Checked = want.from
		}
	}
	if d.r.Check != nil {
		if err := d.r.Check(d.p.path); err != nil {
			if e := d.p.restart(); e != nil {
				return Result{}, d.disk(e)
			}
			return Result{}, fmt.Errorf("fetch %s: %w", d.r.URL, err)
		}
	}
	if err := d.p.rename(d.r.Path); err != nil {
		return Result{}, d.disk(err)
	}
	return out, nil
}
