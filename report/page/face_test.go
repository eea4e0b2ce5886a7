package page

import (
	"os/exec"
	"testing"

	"preship/report"
	"preship/report/casetest"
	"preship/testdata/program"
)

// wholeFace finds every character of the font.
func wholeFace(t *testing.T) *face {
	t.Helper()
	f, err := wholeFont()
	if err != nil {
		t.Fatal(err)
	}
	c := f.face()
	for r := range c.finds {
		c.finds[r] = true
	}
	return c
}

// A document drawn with the characters that it needs looks like one drawn with all, and
// its text is where it was.
func TestFaceChangesNoDocument(t *testing.T) {
	t.Parallel()
	for _, tag := range report.Languages {
		t.Run(tag, func(t *testing.T) {
			t.Parallel()
			r := casetest.Report(t, nil)
			r.Language = tag
			b, err := report.MarshalFile(&r)
			if err != nil {
				t.Fatal(err)
			}
			code, err := newSquare(token(t, &r))
			if err != nil {
				t.Fatal(err)
			}
			whole := func(width, height float64, on func(*sheet) error) func(*report.Report, string) ([]byte, error) {
				return func(r *report.Report, _ string) ([]byte, error) {
					s, err := newSheet(r, langNamed(tag), wholeFace(t), width, height)
					if err == nil {
						err = on(s)
					}
					if err != nil {
						return nil, err
					}
					return s.bytes()
				}
			}
			form := casetest.Intake()
			sameLook(t, pdfOf(t, labelOf(&form), &r), pdfOf(t, whole(labelWidth, labelHeight, func(s *sheet) error { return s.label(&r, &form) }), &r))
			sameLook(t, pdfOf(t, PDF, &r), pdfOf(t, whole(pageWidth, pageHeight, func(s *sheet) error { return s.report(&r, b, code) }), &r))
		})
	}
}

// sameLook compares the pixels of two documents, and the text and place of their words.
func sameLook(t *testing.T, got, want string) {
	t.Helper()
	pixels := func(path string) string {
		out, err := exec.CommandContext(t.Context(), program.Path(t, "pdftoppm"), "-r", "60", path).Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	if pixels(got) != pixels(want) {
		t.Error("it looks different from one with the whole font")
	}
	if got, want := textOf(t, got, "-bbox"), textOf(t, want, "-bbox"); got != want {
		t.Errorf("its words are\n%s\nwith the whole font\n%s", got, want)
	}
}

// The typeface that is rewritten has the glyphs of its characters, and no others.
func TestFaceFindsItsCharacters(t *testing.T) {
	t.Parallel()
	f, err := wholeFont()
	if err != nil {
		t.Fatal(err)
	}
	c := f.face()
	if c.spell("a"); c.lacks {
		t.Error("it lacks a usual character")
	}
	if c.spell("手机"); !c.lacks {
		t.Error("it lacks no ideograph")
	}
	ttf, err := c.file()
	if err != nil {
		t.Fatal(err)
	}
	glyphs, err := glyphsOf(ttf)
	if err != nil {
		t.Fatal(err)
	}
	for r, got := range glyphs {
		want := f.glyphs[r]
		if r >= usual && r != '手' && r != '机' {
			want = 0
		}
		if got != want {
			t.Errorf("%q has glyph %d, want %d", rune(r), got, want)
		}
	}
}
