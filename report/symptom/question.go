package symptom

import (
	"slices"
	"strconv"
	"strings"

	"preship/report"
	"preship/report/message"
)

// Question is one question. Without choices the answer is in the person's words.
type Question struct {
	ID      string
	Choices []string
}

// Questions are all questions, of all kinds.
var Questions = []Question{
	{"since", nil},
	{"often", []string{"always", "often", "sometimes", "once"}},
	{"reproduce", nil},
	{"charging.what", []string{"nothing", "slow", "stops", "angle", "wireless-only"}},
	{"charging.with", []string{"own-charger", "other-charger", "several-chargers", "computer"}},
	{"charging.port", []string{"port-clean", "port-dirty", "port-loose", "port-burnt", "not-looked"}},
	{"battery.hours", nil},
	{"battery.swollen", []string{"no", "yes", "not-looked"}},
	{"battery.jumps", []string{"no", "yes", "not-looked"}},
	{"screen.what", []string{"black", "lines", "spots", "flicker", "colours-wrong", "burn-in"}},
	{"screen.broken", []string{"no", "glass", "display", "both"}},
	{"screen.touch", []string{"touch-all", "touch-part", "touch-none"}},
	{"touch.where", []string{"everywhere", "one-area", "edges", "by-itself"}},
	{"touch.protector", []string{"no", "yes", "taken-off"}},
	{"sound.which", []string{"loudspeaker", "earpiece", "headphones", "bluetooth", "all-of-them"}},
	{"sound.what", []string{"silent", "quiet", "crackles", "drops-out"}},
	{"microphone.where", []string{"calls", "recordings", "everywhere"}},
	{"microphone.case", []string{"no", "yes"}},
	{"camera.which", []string{"camera-back", "camera-front", "camera-lens", "flash"}},
	{"camera.what", []string{"black", "blurred", "app-closes", "spots", "shakes"}},
	{"network.what", []string{"no-service", "drops-out", "sim-not-seen", "slow-data", "no-imei"}},
	{"network.other-sim", []string{"not-tried", "same-fault", "other-works"}},
	{"network.where", []string{"everywhere", "some-places"}},
	{"wireless.which", []string{"wifi", "bluetooth", "nfc", "gps"}},
	{"wireless.what", []string{"stays-off", "finds-nothing", "drops-out", "slow"}},
	{"restarts.what", []string{"restarts", "freezes", "switches-off", "logo"}},
	{"restarts.when", []string{"while-charging", "in-apps", "idle", "any-time"}},
	{"heat.when", []string{"while-charging", "in-apps", "idle", "any-time"}},
	{"heat.where", []string{"top", "middle", "bottom", "screen-side"}},
	{"slow.when", []string{"always", "in-apps", "after-update", "when-full"}},
	{"storage.what", []string{"fills-up", "files-missing", "card-not-read", "app-errors"}},
	{"damage.what", []string{"dropped", "water", "pressed", "several"}},
	{"damage.when", nil},
	{"damage.after", nil},
}

// QuestionNamed returns the question with an ID, and false for an unknown ID.
func QuestionNamed(id string) (Question, bool) {
	i := slices.IndexFunc(Questions, func(q Question) bool { return q.ID == id })
	if i < 0 {
		return Question{}, false
	}
	return Questions[i], true
}

// Asks returns the question in words.
func (q Question) Asks() message.Sentence { return message.Say(asks[q.ID]) }

// ChoiceTitle returns a choice in words. One of another version is shown unchanged.
func ChoiceTitle(id string) message.Sentence { return titled(choiceTitles, id) }

func titled(words map[string]message.ID, id string) message.Sentence {
	if title, ok := words[id]; ok {
		return message.Say(title)
	}
	return message.AsIs(id)
}

// maxText bounds an answer in a person's words, in bytes.
const maxText = 500

// Read reads what a person typed: the number or the ID of a choice, or their own words. An
// empty answer is no answer, and false.
func (q Question) Read(typed string) (report.FaultAnswer, bool) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return report.FaultAnswer{}, false
	}
	a := report.FaultAnswer{Question: q.ID}
	if n, err := strconv.Atoi(typed); err == nil && n >= 1 && n <= len(q.Choices) {
		a.Choice = q.Choices[n-1]
		return a, true
	}
	if slices.Contains(q.Choices, strings.ToLower(typed)) {
		a.Choice = strings.ToLower(typed)
		return a, true
	}
	a.Text = strings.ToValidUTF8(typed[:min(len(typed), maxText)], "")
	return a, true
}

// Words returns an answer in words.
func Words(a report.FaultAnswer) message.Sentence {
	if a.Choice != "" {
		return ChoiceTitle(a.Choice)
	}
	return message.AsIs(a.Text)
}
