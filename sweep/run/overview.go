package run

// Overview is what there is to know of a data set before anything is trained on it.
type Overview struct {
	Source   string `json:"source"`
	Prepared bool   `json:"prepared"` // counted from the finished set; else images were looked at, not decoded

	Folders      int            `json:"video_folders"` // skipped ones too; 0 for CSV
	Videos       int            `json:"videos"`        // with at least one usable frame; for CSV folders
	Frames       int            `json:"frames"`        // usable frames of those videos
	Images       int            `json:"images"`        // chosen
	Parts        map[string]int `json:"parts"`         // images of train, val and test
	Group        string         `json:"group"`         // what is split: image or video
	Skipped      map[string]int `json:"skipped"`       // by reason
	Warnings     []string       `json:"warnings"`
	Combinations Combinations   `json:"combinations"`
	Tasks        []TaskOverview `json:"tasks"`
	Alike        []AlikeLabels  `json:"alike"`
	Leaks        []Leak         `json:"leaks"`
}

// Combinations counts the combinations of labels, one of each task.
type Combinations struct {
	Count    int     `json:"count"`
	Frequent int     `json:"frequent"` // of which one frame a video is taken
	Single   int     `json:"single"`   // with one video
	Mean     float64 `json:"mean"`     // videos of a combination
	Median   float64 `json:"median"`
	Most     int     `json:"most"`
}

// TaskOverview counts one task's classes.
type TaskOverview struct {
	Name    string            `json:"name"`
	Classes []ClassOverview   `json:"classes"`
	Merged  map[string]string `json:"merged,omitempty"` // by the config
}

// ClassOverview counts the videos and images of a class.
type ClassOverview struct {
	Label  string         `json:"label"`
	Videos int            `json:"videos"`
	Images int            `json:"images"`
	Parts  map[string]int `json:"parts"`
	Rare   string         `json:"rare,omitempty"` // why its metrics rest on little; empty when they do not
}

// AlikeLabels are two labels of a task that may be spellings of one.
type AlikeLabels struct {
	Task string `json:"task"`
	From string `json:"from"` // has fewer images
	Into string `json:"into"`
	Line string `json:"line"` // of a config that merges them
}

// Leak says how many images of a part show a video that is in train too.
type Leak struct {
	Part   string `json:"part"`
	Images int    `json:"images"`
	Shared int    `json:"shared"`
	Videos int    `json:"videos"` // that the shared images are of
}
