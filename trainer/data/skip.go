package data

// Reason names why a video or frame was left out.
type Reason string

// The reasons. Those with "label", "json" and "video" concern a whole video.
const (
	ImageBroken    Reason = "image-broken"    // does not decode
	FrameMissing   Reason = "frame-missing"   // the annotations list it, but there is no file
	FrameUnlisted  Reason = "frame-unlisted"  // a file that the annotations do not list
	ImageMissing   Reason = "image-missing"   // a CSV row whose image is not there
	LabelMissing   Reason = "label-missing"   // absent, null or empty
	LabelUnknown   Reason = "label-unknown"   // not in the label list
	JSONBroken     Reason = "json-broken"     // does not parse, or a value has another type
	JSONMissing    Reason = "json-missing"    // a folder of frames without JSON
	JSONAmbiguous  Reason = "json-ambiguous"  // more than one JSON for a video
	VideoDuplicate Reason = "video-duplicate" // file_video was seen before
	VideoEmpty     Reason = "video-empty"     // no usable frame
)

// Video reports whether the reason concerns a whole video and not one frame.
func (r Reason) Video() bool {
	switch r {
	case ImageBroken, FrameMissing, FrameUnlisted, ImageMissing:
		return false
	}
	return true
}

// Skip is one video or frame that was left out.
type Skip struct {
	Path   string `json:"path"` // relative to the source folder, with slashes
	Reason Reason `json:"reason"`
	Detail string `json:"detail"`
}
