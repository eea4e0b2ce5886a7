package seal

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rivo/uniseg"

	"preship/report"
	"preship/report/casedir"
	"preship/report/deletion"
	"preship/report/safefile"
)

// howtoIn returns VERIFY.txt in a language, and its commands.
func howtoIn(t *testing.T, language string) (text string, commands []string) {
	t.Helper()
	b, err := howToVerify(&report.Report{ID: "PS-20261114-AB2CDE", Signer: "SHA256:test", Language: language})
	must(t, err)
	for line := range strings.Lines(string(b)) {
		if strings.HasPrefix(line, "    ") {
			commands = append(commands, line)
		}
	}
	return string(b), commands
}

// A person who reads no English gets the same commands and the same file names.
func TestHowToVerifyInEveryLanguage(t *testing.T) {
	t.Parallel()
	english, commands := howtoIn(t, "en")
	names := regexp.MustCompile(`[A-Za-z0-9.-]+\.(?:json|txt|pdf|html|sig|pub|pem)\b|"[A-Z][^"]*"|PS-[^ ]+|SHA256:[a-z]+`)
	prose := func(text string) []string {
		lines := slices.DeleteFunc(strings.Split(text, "\n"), func(line string) bool { return strings.HasPrefix(line, "    ") })
		text = strings.Join(strings.Fields(strings.Join(lines, " ")), " ") // a name of two words may go over a line's end
		return slices.Compact(slices.Sorted(slices.Values(names.FindAllString(text, -1))))
	}
	for _, language := range report.Languages {
		text, got := howtoIn(t, language)
		if !slices.Equal(got, commands) {
			t.Errorf("%s has other commands:\n%s", language, strings.Join(got, ""))
		}
		if language != "en" && text == english {
			t.Errorf("%s is English", language)
		}
		if got := prose(text); !slices.Equal(got, prose(english)) {
			t.Errorf("%s names %q, English %q", language, got, prose(english))
		}
		for line := range strings.Lines(text) {
			if n := uniseg.StringWidth(strings.TrimRight(line, "\n")); n > howtoColumns && !strings.HasPrefix(line, "    ") {
				t.Errorf("%s: %d columns: %s", language, n, line)
			}
		}
	}
}

// VERIFY.txt names each file of a case folder that is not signed, or that may be missing.
func TestHowToVerifyNamesTheUnsigned(t *testing.T) {
	t.Parallel()
	want := []string{receiptName(0), receiptName(1), deletion.FileName, "ZIP", "evidence/condition-"}
	for _, name := range slices.Sorted(maps.Keys(packageFiles)) {
		if row := packageFiles[name]; (row.kind == kindOutside || row.personal || name == casedir.SigName) && !strings.HasSuffix(name, safefile.TempSuffix) {
			want = append(want, name)
		}
	}
	if len(want) < 14 {
		t.Fatalf("only %q", want)
	}
	for _, language := range report.Languages {
		text, _ := howtoIn(t, language)
		for _, name := range want {
			in := text
			if name == casedir.BackupDir { // another name begins with it
				in = strings.ReplaceAll(in, casedir.ManifestName, "")
			}
			if !strings.Contains(in, name) {
				t.Errorf("%s: VERIFY.txt does not name %s", language, name)
			}
		}
	}
}

func TestParagraph(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                  "",
		"word":                              "word",
		strings.Repeat("abcd ", 16) + "end": strings.TrimSuffix(strings.Repeat("abcd ", 15), " ") + "\n   abcd end",
		strings.Repeat("字", 39) + "。":       strings.Repeat("字", 38) + "\n   字。",
		strings.Repeat("a", 70) + " evidence/condition-1": strings.Repeat("a", 70) + "\n   evidence/condition-1",
		strings.Repeat("x", 90):                           strings.Repeat("x", 90),
	} {
		if got := paragraph(text, 3); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
