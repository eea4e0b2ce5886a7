package dump

import (
	"fmt"
	"slices"
	"strings"

	"preship/report/pattern"
)

var featureLine = pattern.New(`^feature:([\w.]{1,128})(?:=(?:0x[0-9a-f]{1,8}|-?\d{1,10}))?$`)

// wifiFeature is behind all of telephony in the list, which Android sorts. Every
// tablet has it, so a list without it is cut off or not a list of the hardware's.
const wifiFeature = "android.hardware.wifi"

// ParseFeatures parses "pm list features" into the names of the features.
// The error is ErrNoHeading, ErrMalformed, ErrTruncated or ErrTooLarge.
func ParseFeatures(b []byte) ([]string, error) {
	if len(b) > maxAnswer {
		return nil, fmt.Errorf("features: %w: %d bytes", ErrTooLarge, len(b))
	}
	text := Text(b)
	if text == "" {
		return nil, fmt.Errorf("features: %w", ErrNoHeading)
	}
	if !strings.HasSuffix(text, "\n") {
		return nil, fmt.Errorf("features: %w", ErrTruncated)
	}
	var features []string
	for line := range strings.Lines(text) {
		m := featureLine().FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if m == nil {
			return nil, fmt.Errorf("features: %w: %q", ErrMalformed, shape(line))
		}
		features = append(features, m[1])
	}
	if !slices.Contains(features, wifiFeature) {
		return nil, fmt.Errorf("features: %w: no %s", ErrTruncated, wifiFeature)
	}
	return features, nil
}
