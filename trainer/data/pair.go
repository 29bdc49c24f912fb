package data

import (
	"path"
	"slices"
	"strings"
)

// clip is a video before its JSON is read: where its parts lie.
type clip struct {
	rel    string   // folder of the frames, or of the JSON where there are none
	jsons  []string // relative paths; exactly one in a good clip
	images []file
	dir    string // folder of the images
}

// clips puts JSON files and frames together, for both layouts:
//
//	<CLASS>/<video>/{one .json and its frames}
//	{training,validation}/{image,label}/<CLASS>/…
//
// In the second the JSON stands under label as <CLASS>/<video>.json or
// <CLASS>/<video>/<any>.json, the frames under image as <CLASS>/<video>/.
// Elsewhere a JSON beside folders and without images is not a video's.
func clips(folders []folder) []clip {
	byRel := make(map[string]*folder, len(folders))
	for i := range folders {
		byRel[folders[i].rel] = &folders[i]
	}
	claimed := map[string]int{} // image folder → clip
	var out []clip
	add := func(imageDir, rel, jsonPath string) {
		if at, ok := claimed[imageDir]; ok && imageDir != "" {
			out[at].jsons = append(out[at].jsons, jsonPath)
			return
		}
		c := clip{rel: rel, jsons: []string{jsonPath}, dir: imageDir}
		if f := byRel[imageDir]; f != nil {
			c.images = f.images
			claimed[imageDir] = len(out)
		}
		out = append(out, c)
	}
	for i := range folders {
		f := &folders[i]
		labels, image, ok := pairedRoots(f.rel, byRel)
		if !ok || len(f.json) == 0 {
			continue
		}
		rest := strings.TrimPrefix(strings.TrimPrefix(f.rel, labels), "/")
		same := path.Join(image, rest)
		perVideo := byRel[same] != nil && len(byRel[same].images) > 0
		for _, j := range f.json {
			jsonPath := path.Join(f.rel, j.name)
			if perVideo {
				add(same, same, jsonPath)
				continue
			}
			stem := strings.TrimSuffix(j.name, path.Ext(j.name))
			dir := path.Join(same, stem)
			if short := path.Join(same, strings.TrimSuffix(stem, path.Ext(stem))); byRel[dir] == nil && byRel[short] != nil {
				dir = short
			}
			rel := jsonPath
			if byRel[dir] != nil {
				rel = dir
			}
			add(dir, rel, jsonPath)
		}
	}
	for i := range folders {
		f := &folders[i]
		if _, _, ok := pairedRoots(f.rel, byRel); ok && len(f.images) == 0 {
			continue // label folders, done above
		}
		if _, done := claimed[f.rel]; done {
			continue
		}
		if len(f.images) == 0 && (len(f.json) == 0 || f.subs > 0) {
			continue
		}
		c := clip{rel: f.rel, dir: f.rel, images: f.images}
		for _, j := range f.json {
			c.jsons = append(c.jsons, path.Join(f.rel, j.name))
		}
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(a, b clip) int { return comparePaths(a.rel, b.rel) })
	return out
}

// pairedRoots finds the label folder that rel lies in and the image folder beside it.
func pairedRoots(rel string, byRel map[string]*folder) (labels, image string, ok bool) {
	parts := strings.Split(rel, "/")
	for i, p := range parts {
		if !strings.EqualFold(p, "label") {
			continue
		}
		for _, name := range []string{"image", "Image", "IMAGE"} {
			image = path.Join(append(slices.Clone(parts[:i]), name)...)
			if byRel[image] != nil {
				return path.Join(parts[:i+1]...), image, true
			}
		}
	}
	return "", "", false
}

// comparePaths orders paths folder by folder, as a walk over sorted folders does.
func comparePaths(a, b string) int {
	return slices.Compare(strings.Split(a, "/"), strings.Split(b, "/"))
}
