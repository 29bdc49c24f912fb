package data

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestReadImageList(t *testing.T) {
	got, err := ReadImageList(strings.NewReader("\ufeffa b.jpg\r\n\n/x/고양이.png\n-\nlast"))
	if want := []string{"a b.jpg", "/x/고양이.png", "-", "last"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v", got, err)
	}
	for _, c := range []struct{ name, text, want string }{
		{"empty", "\n\n", "empty"},
		{"zero byte", "a\nb\x00c\n", "line 2: holds a zero byte"},
		{"long", "a\n" + strings.Repeat("x", maxPathBytes+1), "line 2: longer than"},
	} {
		_, err := ReadImageList(strings.NewReader(c.text))
		if !errors.As(err, new(*InputError)) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}
