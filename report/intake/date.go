package intake

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"preship/report/message"
	"preship/report/pattern"
)

// dateForms are the ways in which people write a date. The groups are y, m, d, and a, b
// where the order of day and month is open.
var dateForms = []func() *regexp.Regexp{
	pattern.New(`^(?P<y>[0-9]{4})[-/.年] ?(?P<m>[0-9]{1,2})[-/.月] ?(?P<d>[0-9]{1,2})日?$`),
	pattern.New(`^(?P<d>[0-9]{1,2})\. ?(?P<m>[0-9]{1,2})\. ?(?P<y>[0-9]{4})$`),
	pattern.New(`^(?P<a>[0-9]{1,2})[-/ ](?P<b>[0-9]{1,2})[-/ ](?P<y>[0-9]{4})$`),
	pattern.New(`^(?P<d>[0-9]{1,2})(?:st|nd|rd|th|º|\.)?[-/ ](?:(?:de|of) )?(?P<m>\pL{3,10})\.?,?[-/ ](?:(?:de|del) )?(?P<y>[0-9]{4})$`),
	pattern.New(`^(?P<m>\pL{3,10})\.? (?P<d>[0-9]{1,2})(?:st|nd|rd|th)?,? (?P<y>[0-9]{4})$`),
}

// datePattern is dateForms for the published schema. It matches also a day that no
// calendar has and a word that is no month.
const datePattern = `^\s*(?:[0-9]{4}[-/.年] ?[0-9]{1,2}[-/.月] ?[0-9]{1,2}日?` +
	`|[0-9]{1,2}\. ?[0-9]{1,2}\. ?[0-9]{4}` +
	`|[0-9]{1,2}[-/ ][0-9]{1,2}[-/ ][0-9]{4}` +
	`|[0-9]{1,2}(?:[sS][tT]|[nN][dD]|[rR][dD]|[tT][hH]|º|\.)?[-/ ](?:(?:[dD][eE]|[oO][fF]) )?[^\s0-9./,-]{3,10}\.?,?[-/ ](?:(?:[dD][eE][lL]?) )?[0-9]{4}` +
	`|[^\s0-9./,-]{3,10}\.? [0-9]{1,2}(?:[sS][tT]|[nN][dD]|[rR][dD]|[tT][hH])?,? [0-9]{4})\s*$`

// months are the first letters of the months' names in English and Spanish.
var months = []struct {
	name  string
	month time.Month
}{
	{"jan", 1},
	{"ene", 1},
	{"feb", 2},
	{"mar", 3},
	{"apr", 4},
	{"abr", 4},
	{"may", 5},
	{"jun", 6},
	{"jul", 7},
	{"aug", 8},
	{"ago", 8},
	{"sep", 9},
	{"set", 9},
	{"oct", 10},
	{"nov", 11},
	{"dec", 12},
	{"dic", 12},
}

// readDate reads a date as people write it and returns it as YYYY-MM-DD. A date whose day
// and month could be exchanged is refused, with both readings.
func readDate(text string) (string, message.Sentence) {
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	for _, form := range dateForms {
		m := form().FindStringSubmatch(text)
		if m == nil {
			continue
		}
		part := func(name string) string {
			if i := form().SubexpIndex(name); i >= 0 {
				return m[i]
			}
			return ""
		}
		a, b := part("a"), part("b")
		if a == "" {
			return dayOf(part("y"), part("m"), part("d"))
		}
		dayFirst, wrongDay := dayOf(part("y"), b, a)
		monthFirst, wrongMonth := dayOf(part("y"), a, b)
		switch {
		case !wrongDay.Empty():
			return monthFirst, wrongMonth
		case !wrongMonth.Empty() || dayFirst == monthFirst:
			return dayFirst, message.Sentence{}
		}
		return "", message.Say("intake.problem.two-dates", "first", dayFirst, "second", monthFirst)
	}
	return "", message.Say("intake.problem.not-a-date")
}

// dayOf returns a day that the calendar has. The month is a number or a name.
func dayOf(year, month, day string) (string, message.Sentence) {
	m, err := strconv.Atoi(month)
	for _, row := range months {
		if err != nil && strings.HasPrefix(month, row.name) {
			m = int(row.month)
		}
	}
	y, _ := strconv.Atoi(year) // digits only, see dateForms
	d, _ := strconv.Atoi(day)
	at := fmt.Sprintf("%04d-%02d-%02d", y, m, d)
	if _, err := time.Parse(time.DateOnly, at); err != nil {
		return "", message.Say("intake.problem.not-a-date")
	}
	return at, message.Sentence{}
}

// isMoment reports whether a text is a time as preship writes it.
func isMoment(text string) bool {
	_, err := time.Parse(time.RFC3339, text)
	return err == nil
}

// dayIn is the day of a date or of a moment.
func dayIn(text string) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	return time.Parse(time.DateOnly, text)
}
