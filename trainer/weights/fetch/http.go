package fetch

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
)

// NewHTTPClient returns a client that honours the proxies of the environment,
// leaves contents as they are, and knows file URLs.
func NewHTTPClient() *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DisableCompression = true
	t.RegisterProtocol("file", http.NewFileTransport(http.Dir("/")))
	return &http.Client{Transport: t}
}

var errRedirect = errors.New("it redirects")

// hopeless reports whether a request would fail the same way again: the host
// does not exist, its certificate is not valid, or it redirects where it must not.
func hopeless(err error) bool {
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	return errors.As(err, &dns) && dns.IsNotFound || errors.As(err, &certificate) || errors.Is(err, errRedirect) ||
		strings.Contains(err.Error(), "unsupported protocol scheme")
}

func isHex(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !strings.ContainsRune("0123456789abcdefABCDEF", r) }) < 0
}

// contentRange reads "bytes FROM-TO/TOTAL", where TOTAL may be *.
func contentRange(s string) (from, total int64, err error) {
	var to int64
	var all string
	if _, err := fmt.Sscanf(s, "bytes %d-%d/%s", &from, &to, &all); err != nil || from < 0 || to < from {
		return 0, 0, fmt.Errorf("the server sends a part of the file as %q, which is no range", s)
	}
	if all == "*" {
		return from, -1, nil
	}
	total, err = strconv.ParseInt(all, 10, 64)
	if err != nil || total <= to {
		return 0, 0, fmt.Errorf("the server sends a part of the file as %q, which is no range", s)
	}
	return from, total, nil
}

// length is how many bytes the answer announces, -1 without a word about it.
func length(resp *http.Response) int64 {
	if resp.ContentLength >= 0 {
		return resp.ContentLength
	}
	// The transport of file URLs leaves it to the header.
	if n, err := strconv.ParseInt(resp.Header.Get("Content-Length"), 10, 64); err == nil && n >= 0 {
		return n
	}
	return -1
}
