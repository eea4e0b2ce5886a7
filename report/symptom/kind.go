package symptom

import (
	"slices"
	"strings"

	"preship/report/message"
)

// Kind is one kind of fault.
type Kind struct {
	ID        string
	Questions []string // two to five IDs of [Questions]
	Parts     []string // that verify/fault reads for it
	Tests     []string // IDs of [Tests]
}

// Title returns the name of the kind.
func (k Kind) Title() message.Sentence { return message.Say(kindTitles[k.ID]) }

// always are the parts that a technician wants to see of every handset.
var always = []string{"system", "battery", "restarts", "storage"}

// Kinds are in the order in which they are offered.
var Kinds = []Kind{
	{"charging", []string{"charging.what", "charging.with", "charging.port", "since"}, with("thermal"), []string{"other-cable"}},
	{"battery", []string{"battery.hours", "battery.swollen", "battery.jumps", "since"}, with("thermal", "crashes"), []string{"other-cable"}},
	{"screen", []string{"screen.what", "screen.broken", "screen.touch", "since"}, with("touch"), []string{"colours", "touch"}},
	{"touch", []string{"touch.where", "touch.protector", "often", "since"}, with("touch"), []string{"touch"}},
	{"sound", []string{"sound.which", "sound.what", "often", "since"}, with("crashes"), []string{"speaker", "earpiece"}},
	{"microphone", []string{"microphone.where", "sound.what", "microphone.case", "since"}, with("crashes"), []string{"microphone"}},
	{"camera", []string{"camera.which", "camera.what", "often", "since"}, with("cameras", "crashes"), []string{"camera-back", "camera-front"}},
	{"network", []string{"network.what", "network.other-sim", "network.where", "since"}, with("radio"), []string{"sim"}},
	{"wireless", []string{"wireless.which", "wireless.what", "often", "since"}, with("radio"), []string{"wifi"}},
	{"restarts", []string{"restarts.what", "restarts.when", "often", "since"}, with("crashes", "thermal"), []string{"other-cable"}},
	{"heat", []string{"heat.when", "heat.where", "since"}, with("thermal", "crashes"), []string{"other-cable"}},
	{"slow", []string{"slow.when", "often", "since"}, with("thermal", "crashes"), nil},
	{"storage", []string{"storage.what", "often", "since"}, with("crashes"), nil},
	{"damage", []string{"damage.what", "damage.when", "damage.after"}, nil, []string{"colours", "touch", "speaker", "microphone", "camera-back", "camera-front", "buttons"}},
	{"other", []string{"reproduce", "often", "since"}, nil, []string{"buttons", "vibration", "fingerprint", "proximity"}},
}

//go:noinline
func with(parts ...string) []string { return append(slices.Clone(always), parts...) }

// ByID returns the kind with an ID, and false for an unknown ID.
func ByID(id string) (Kind, bool) {
	i := slices.IndexFunc(Kinds, func(k Kind) bool { return k.ID == id })
	if i < 0 {
		return Kind{}, false
	}
	return Kinds[i], true
}

// IDs returns the IDs of all kinds, separated by commas.
func IDs() string {
	var ids []string
	for _, k := range Kinds {
		ids = append(ids, k.ID)
	}
	return strings.Join(ids, ", ")
}
