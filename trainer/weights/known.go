package weights

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// published are the public ImageNet weights of a backbone under the file names
// that their publishers gave them.
type published struct {
	torchvision []string // in the hub cache of torch
	timm        string   // repository of the Hugging Face hub, whose file is model.safetensors
}

func publishedWeights() map[string]published {
	return map[string]published{
		"resnet18":        {[]string{"resnet18-f37072fd.pth"}, "resnet18.a1_in1k"},
		"resnet50":        {[]string{"resnet50-11ad3fa6.pth", "resnet50-0676ba61.pth"}, "resnet50.a1_in1k"},
		"efficientnet_b4": {[]string{"efficientnet_b4_rwightman-23ab8bcd.pth"}, "efficientnet_b4.ra2_in1k"},
		"convnext_base":   {[]string{"convnext_base-6075fbad.pth"}, "convnext_base.fb_in22k_ft_in1k"},
	}
}

// NotFoundError says where known weights were looked for in vain.
type NotFoundError struct {
	Model string
	Names []string // file names that would have done in Dir
	Dir   string
}

func (e *NotFoundError) Error() string {
	return fmt.Sprintf("no pretrained weights of %s: put one of %s into %s, or name a file under pretrained; the caches of torch and Hugging Face hold none either",
		e.Model, strings.Join(e.Names, ", "), e.Dir)
}

// Find returns the file of a backbone's public weights: under a known name in
// dir, then in the user's caches of Hugging Face and torch. The error is a
// *NotFoundError when there is none.
func Find(model, dir string, getenv func(string) string) (string, error) {
	p, ok := publishedWeights()[model]
	if !ok {
		return "", fmt.Errorf("weights: no public weights of %q are known", model)
	}
	names := slices.Concat([]string{model + ".safetensors", p.timm + ".safetensors", model + ".pth"}, p.torchvision)
	for _, name := range names {
		if file := filepath.Join(dir, name); isFile(file) {
			return file, nil
		}
	}
	hub := hubDir(getenv)
	snapshots, err := filepath.Glob(filepath.Join(escapeGlob(hub), "models--timm--"+p.timm, "snapshots", "*", "model.safetensors"))
	if err != nil {
		return "", err
	}
	if file, err := newest(snapshots); err != nil || file != "" {
		return file, err
	}
	for _, name := range p.torchvision {
		if file := filepath.Join(torchDir(getenv), name); isFile(file) {
			return file, nil
		}
	}
	return "", &NotFoundError{model, names, dir}
}

// hubDir is where Hugging Face keeps downloads: $HF_HUB_CACHE, $HF_HOME/hub or the user's cache.
func hubDir(getenv func(string) string) string {
	if dir := getenv("HF_HUB_CACHE"); dir != "" {
		return dir
	}
	if dir := getenv("HF_HOME"); dir != "" {
		return filepath.Join(dir, "hub")
	}
	return filepath.Join(cacheDir(getenv), "huggingface", "hub")
}

// torchDir is where torch keeps downloads: $TORCH_HOME/hub/checkpoints or the user's cache.
func torchDir(getenv func(string) string) string {
	if dir := getenv("TORCH_HOME"); dir != "" {
		return filepath.Join(dir, "hub", "checkpoints")
	}
	return filepath.Join(cacheDir(getenv), "torch", "hub", "checkpoints")
}

func cacheDir(getenv func(string) string) string {
	if dir := getenv("XDG_CACHE_HOME"); dir != "" {
		return dir
	}
	return filepath.Join(getenv("HOME"), ".cache")
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// newest is the last written of several files, empty for none.
func newest(files []string) (string, error) {
	var best string
	var at int64
	for _, f := range files {
		info, err := os.Stat(f)
		if errors.Is(err, fs.ErrNotExist) {
			continue // a link to a file that was cleaned away
		} else if err != nil {
			return "", err
		}
		if t := info.ModTime().UnixNano(); best == "" || t > at {
			best, at = f, t
		}
	}
	return best, nil
}

// escapeGlob takes the meaning from the letters that filepath.Glob knows.
func escapeGlob(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}
