package page

import (
	"testing"

	"preship/report"
)

func TestByteSize(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{
		0: "0 B", 999: "999 B", 1000: "1.0 kB", 999_949: "999.9 kB", 999_950: "1.0 MB",
		48_300_000_000: "48.3 GB", 1<<63 - 1: "9.2 EB",
	} {
		if got := byteSize(n).String(); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
}

// Numbers and the state of the handset are in the language of the page.
func TestFactsSpeakTheLanguage(t *testing.T) {
	t.Parallel()
	bytes, state := int64(3_300_000), "device"
	for tag, want := range map[string][2]string{
		"en": {"3.3 MB", "device"}, "es": {"3,3 MB", "Android en marcha (device)"}, "zh": {"3.3 MB", "Android 已启动（device）"},
	} {
		l := langNamed(tag)
		facts := resetFacts(l, &report.Reset{ReturnedState: &state})
		if got := [2]string{bytesFact(l, "page.fact.saved", &bytes).Value, facts[len(facts)-1].Value}; got != want {
			t.Errorf("%s: got %q, want %q", tag, got, want)
		}
	}
}
