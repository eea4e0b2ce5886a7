package saved

import (
	"bytes"
	"strings"
	"testing"

	"preship/backup/manifest"
	"preship/backup/restore"
	"preship/cmd/preship/internal/console"
	"preship/report/message"
)

// Faults and missing files are named in the language of the person.
func TestRestoredSpeaksTheLanguage(t *testing.T) {
	t.Parallel()
	group, why := message.Say("backup.rows.contact-details"), message.Say("error.refused")
	res := restore.Result{
		Problems: []manifest.Problem{
			manifest.NewProblem(string(restore.PartApps), message.Say("restore.problem.apps.old-android")),
			manifest.NewProblem("/storage/x", message.Say("restore.problem.other-contents")),
		},
		Missing: []manifest.Missing{{What: "details of contacts", Why: why.String(), Group: &group, Message: &why}},
	}
	var out, errOut bytes.Buffer
	c := &console.Console{Out: &out, Err: &errOut, Language: "es"}
	if err := Restored(c, false, res, nil); err != nil {
		t.Fatal(err)
	}
	got := out.String()
	for _, want := range []string{
		"aplicaciones: el Android de este teléfono es anterior al 7", "/storage/x: ya existe con otro contenido y no se sobrescribió",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
	for _, english := range []string{"details of contacts", "contact details", why.String()} {
		if strings.Contains(got, english) {
			t.Errorf("English %q in %q", english, got)
		}
	}
}
