package data

// Report counts what was prepared.
type Report struct {
	Source       string         `json:"source"`
	Folders      int            `json:"video_folders"` // skipped ones too; 0 for CSV
	Videos       int            `json:"videos"`        // with at least one usable frame
	Frames       int            `json:"frames"`        // usable frames of those videos
	Selected     int            `json:"frames_selected"`
	Combinations int            `json:"combinations"`
	Frequent     int            `json:"combinations_frequent"`
	Tasks        []TaskReport   `json:"tasks"`
	Parts        map[Part]int   `json:"parts"` // images
	Skipped      map[Reason]int `json:"skipped"`
	Warnings     []string       `json:"warnings"`
}

// TaskReport counts one task's classes.
type TaskReport struct {
	Name    string        `json:"name"`
	Classes []ClassReport `json:"classes"`
}

// ClassReport counts the videos and images of a class.
type ClassReport struct {
	Label  string       `json:"label"`
	Videos int          `json:"videos"`
	Images int          `json:"images"`
	Parts  map[Part]int `json:"parts"`
}
