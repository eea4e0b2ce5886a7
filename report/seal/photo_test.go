package seal

import (
	"errors"
	"strings"
	"testing"

	"preship/report"
	"preship/report/intake"
	"preship/report/phototest"
)

func TestPhotosAreSealed(t *testing.T) {
	t.Parallel()
	c := sampleCase(t)
	sampleSteps(t, c, nil)
	in := sampleIntake()
	for _, b := range [][]byte{phototest.JPEG(t), phototest.PNG(t), phototest.JPEG(t)} {
		p, err := c.AddPhoto(b)
		if err != nil {
			t.Fatal(err)
		}
		in.Condition.Photos = append(in.Condition.Photos, p)
	}
	if p := in.Condition.Photos; p[0].File != "evidence/condition-01.jpg" || p[1].File != "evidence/condition-01.png" || p[2] != p[0] {
		t.Errorf("photos %+v", p)
	}
	if _, err := c.SetIntake(in, testTime); err != nil {
		t.Fatal(err)
	}
	seal(t, c)
	if got := mustVerify(t, c.Dir(), VerifyOptions{}); !got.OK {
		t.Fatalf("problems %+v", got.Problems)
	}
	if page := readFile(t, c, htmlName); !strings.Contains(page, "condition-01.jpg") {
		t.Error("the page does not name the photo")
	}
	in.Condition.Photos[0].SHA256 = report.Digest(nil)
	if _, err := c.SetIntake(in, testTime); !errors.Is(err, intake.ErrIncomplete) {
		t.Errorf("a form about another picture: error %v", err)
	}
	flip(t, c.Dir()+"/evidence/condition-01.jpg", 60)
	if got := mustVerify(t, c.Dir(), VerifyOptions{}); got.OK || !got.names("evidence/condition-01.jpg") {
		t.Errorf("a photo changed: %+v", got.Problems)
	}
}
