package main

import (
	"os"
	"path/filepath"
	"testing"
)

// A form without a language is answered in the language of whoever hands it in.
func TestFormWithoutLanguage(t *testing.T) {
	for form, want := range map[string]string{
		`{"ticket": {"id": "1"}}`:             "es",
		`{"customer": {"language": "zh"}}`:    "zh",
		`{"customer": {"language": "other"}}`: "other", // a problem of the form
	} {
		file := filepath.Join(t.TempDir(), "form.json")
		if err := os.WriteFile(file, []byte(form), 0o600); err != nil {
			t.Fatal(err)
		}
		e, _, _ := testEnv()
		e.Language = "es"
		if in, err := readForm(t.Context(), e, file); err != nil || in.Customer.Language != want {
			t.Errorf("%s: got %q, error %v; want %q", form, in.Customer.Language, err, want)
		}
	}
}
