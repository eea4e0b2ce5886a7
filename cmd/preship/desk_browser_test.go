package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"preship/report/casedir"
	"preship/report/message"
	"preship/report/seal"
)

// tab is a tab of a real Chromium, and the desk that it shows.
type tab struct {
	t    *testing.T
	ctx  context.Context
	root string // of the page
	axe  string
}

// startDesk runs preship desk --demo, and returns the link of its first line.
func startDesk(t *testing.T, out string) (link string, cmd *exec.Cmd) {
	t.Helper()
	home := t.TempDir()
	cmd = exec.CommandContext(t.Context(), os.Args[0], "desk", "--demo", "--no-open", "--json", "--out", out)
	cmd.Env = append(os.Environ(), asPreship+"=1", "LC_ALL=C", "HOME="+home, "XDG_CONFIG_HOME="+home, "AppData="+home, "ANDROID_SERIAL=")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = time.Minute // Windows knows no interrupt, and the process is killed
	stdout, err := cmd.StdoutPipe()
	mustDo(t, err)
	mustDo(t, cmd.Start())
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	mustDo(t, err)
	var first struct{ URL string }
	mustDo(t, json.Unmarshal(line, &first))
	return first.URL, cmd
}

// A script reads the link from the first line. It opens once, and Ctrl-C ends the desk.
func TestDeskLink(t *testing.T) {
	t.Parallel()
	link, cmd := startDesk(t, filepath.Join(t.TempDir(), "cases"))
	get := func() int {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, link, nil)
		mustDo(t, err)
		res, err := http.DefaultClient.Do(req)
		mustDo(t, err)
		defer res.Body.Close()
		return res.StatusCode
	}
	if !strings.HasPrefix(link, "http://127.0.0.1:") || get() != http.StatusOK || get() != http.StatusUnauthorized {
		t.Errorf("%s does not open exactly once", link)
	}
	if runtime.GOOS == "windows" {
		mustDo(t, cmd.Process.Kill())
		_ = cmd.Wait() // it was killed
		return
	}
	mustDo(t, cmd.Process.Signal(os.Interrupt))
	_ = cmd.Wait() // its exit code says how it ended
	if code := cmd.ProcessState.ExitCode(); code != int(exitInterrupted) {
		t.Errorf("it ends with exit code %d, want %d", code, exitInterrupted)
	}
}

// openDesk opens the link of a desk in Chromium.
func openDesk(t *testing.T, out string) *tab {
	t.Helper()
	chromium(t)
	link, cmd := startDesk(t, out)
	t.Cleanup(func() { _ = cmd.Wait() }) // the context of the test ended it
	b := &tab{t: t}
	b.openTab(link)
	return b
}

// openTab opens a link in its own Chromium.
func (b *tab) openTab(link string, more ...chromedp.ExecAllocatorOption) {
	t := b.t
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU, chromedp.ExecPath(chromium(t)))
	options = append(options, more...)
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	mustDo(t, chromedp.Do(ctx, chromedp.Navigate("about:blank"))) // the browser lives as long as its first context
	b.ctx, b.axe = ctx, axe(t)
	b.root, _, _ = strings.Cut(link, "/enter")
	b.do("the link", chromedp.Navigate(link), chromedp.WaitVisible(chromedp.CSS(".card")))
}

// chromium returns the browser. Without one the test is skipped, or fails where the tools
// are required.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("PRESHIP_REQUIRE_TOOLS") == "1" {
		t.Fatal("no Chromium is installed")
	}
	t.Skip("no Chromium is installed")
	return ""
}

// axe returns axe-core, which finds what keeps people out of a page.
func axe(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "axe", "axe.min.js.gz"))
	mustDo(t, err)
	z, err := gzip.NewReader(bytes.NewReader(b))
	mustDo(t, err)
	text, err := io.ReadAll(z)
	mustDo(t, err)
	return string(text)
}

// browserWaits bounds a step in the browser; nothing here takes as long.
const browserWaits = 2 * time.Minute

func (b *tab) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, browserWaits)
	defer stop()
	for _, step := range steps {
		err := chromedp.Do(ctx, step)
		for err != nil && strings.Contains(err.Error(), "Could not find node with given id") && ctx.Err() == nil {
			err = chromedp.Do(ctx, step) // the page drew the part anew after it was found, before it was touched
		}
		if err != nil {
			text, _ := chromedp.Run(b.ctx, chromedp.Text(chromedp.CSS("body")))
			b.t.Fatalf("%s: %v; the page says:\n%s", what, err, text)
		}
	}
}

func (b *tab) click(css string) { b.t.Helper(); b.do("click "+css, chromedp.Click(chromedp.CSS(css))) }

func (b *tab) see(css string) {
	b.t.Helper()
	b.do("see "+css, chromedp.WaitVisible(chromedp.CSS(css)))
}

func (b *tab) text(css string) string {
	b.t.Helper()
	text, err := chromedp.Run(b.ctx, chromedp.Text(chromedp.CSS(css)))
	mustDo(b.t, err)
	return text
}

// eval returns what a script of the test's own gives.
func eval[T any](b *tab, script string) T {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, browserWaits)
	defer stop()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		text, _ := chromedp.Run(b.ctx, chromedp.Text(chromedp.CSS("body")))
		b.t.Fatalf("%s: %v; the page says:\n%s", script[:min(len(script), 300)], err, text)
	}
	return value
}

// open opens a page, and has axe look at it in every language. It stays open in English,
// which is the first of them.
func (b *tab) open(path string) {
	b.t.Helper()
	for _, language := range slices.Backward(message.Languages()) {
		b.do("open "+path, chromedp.Navigate(b.root+"/language?lang="+language+"&to="+path), chromedp.WaitReady(chromedp.CSS("main")))
		b.accessible(path + " in " + language)
	}
}

// accessible has axe look at the page as it is.
func (b *tab) accessible(what string) {
	b.t.Helper()
	eval[bool](b, b.axe+"; true")
	found := eval[[]string](b, `axe.run(document, {resultTypes: ["violations"]}).then((r) => r.violations.flatMap((v) => v.nodes.map((n) => v.id + ": " + v.help + ": " + n.target.join(" ") + ": " + n.failureSummary)))`)
	for _, f := range found {
		b.t.Errorf("%s: %s", what, f)
	}
	if wide := eval[int](b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
		b.t.Errorf("%s: it is %d pixels wider than the window", what, wide)
	}
}

// The owner's way in a real browser, from the handset on its cable to the parcel file, which
// the same page then checks. The page is reloaded where a question is open.
func TestDeskInChromium(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "cases")
	b := openDesk(t, out)
	b.do("a narrow window", chromedp.EmulateViewport(360, 800))
	b.open("/")
	for _, path := range []string{"/board", "/intake", "/cases", "/check", "/keys", "/nothing"} {
		b.open(path)
	}
	b.do("a wide window", chromedp.EmulateViewport(1440, 900))

	b.do("the board", chromedp.Navigate(b.root+"/board"))
	b.see(".card")
	if n := eval[int](b, `document.querySelectorAll(".card").length`); n != 3 {
		t.Errorf("%d handsets are on the board, want 3", n)
	}
	// The one whose owner does not sign out by themselves; it has the fewest files.
	eval[bool](b, `[...document.querySelectorAll(".card")].find((a) => a.textContent.includes("2412DPC0AG")).click(), true`)
	b.click("#start")
	b.see("#ask button[value=no]")
	b.accessible("a question")
	first := eval[string](b, `document.querySelector("#ask [name=question]").value`)
	b.do("reload", chromedp.Reload(), chromedp.WaitVisible(chromedp.CSS("#ask button[value=no]")))
	if again := eval[string](b, `document.querySelector("#ask [name=question]").value`); again != first {
		t.Errorf("after a reload question %s is open, want %s", again, first)
	}
	b.click("#ask button[value=no]") // without the form
	b.answered(first)
	b.see("#ask button[value=no]")
	second := eval[string](b, `document.querySelector("#ask [name=question]").value`)
	b.click("#ask button[value=no]") // without the fault report
	b.answered(second)

	b.see("#owner") // it waits for the owner to sign out
	b.accessible("a wait")
	b.do("the board", chromedp.Navigate(b.root+"/board"), chromedp.WaitVisible(chromedp.CSS(".card.hand")))
	b.accessible("the board with work")
	b.click(".card.hand")
	b.click("#owner")
	b.see("#ask button[value=yes]") // whether the account's page lists it
	b.click("#ask button[value=yes]")

	b.see("input.typed")
	b.accessible("the confirmation")
	b.do("a wrong number", chromedp.SendKeys(chromedp.CSS("input.typed"), "111111"), chromedp.Click(chromedp.CSS("#ask button.danger")))
	eval[bool](b, until(`document.querySelector("#ask").textContent.includes("111111")`))
	b.do("its IMEI, by the keyboard alone", chromedp.SendKeys(chromedp.CSS("input.typed"), "004126\r"))

	b.see("#end .verdict")
	b.accessible("the end")
	if got := b.text("#end .verdict"); !strings.Contains(got, "READY (EMULATED") {
		t.Fatalf("it ends with %q: %s", got, b.text("main"))
	}
	b.parcel(out)
}

// until is a script that waits for a condition, as often as the page changes.
func until(condition string) string {
	return fmt.Sprintf(`new Promise((done) => { const look = () => { if (%s) { done(true); } else { setTimeout(look, 20); } }; look(); })`, condition)
}

// answered waits until a question is not open any more.
func (b *tab) answered(id string) {
	b.t.Helper()
	eval[bool](b, until(fmt.Sprintf(`!document.querySelector("#ask [name=question]") || document.querySelector("#ask [name=question]").value !== %q`, id)))
}

// parcel downloads the parcel file, checks it, and has the page check it.
func (b *tab) parcel(out string) {
	b.t.Helper()
	path := eval[string](b, `document.querySelector("#end a[download]").getAttribute("href")`)
	found, err := filepath.Glob(filepath.Join(out, "PS-*", "PS-*.zip"))
	if err != nil || len(found) != 1 {
		b.t.Fatalf("parcel files: %q %v", found, err)
	}
	if res, err := seal.Verify(found[0], seal.VerifyOptions{}); err != nil || !res.OK {
		b.t.Errorf("the parcel file: %v %+v", err, res.Problems)
	}
	info, err := os.Stat(found[0])
	mustDo(b.t, err)
	if n := eval[int64](b, fmt.Sprintf(`fetch(%q).then((r) => r.blob()).then((b) => b.size)`, path)); n != info.Size() {
		b.t.Errorf("%d bytes are downloaded, and the file has %d", n, info.Size())
	}
	for _, name := range []string{casedir.StartName, "report.html"} {
		for _, width := range []int64{360, 1440} {
			file := url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(filepath.Dir(found[0]), name))}
			b.do(name, chromedp.EmulateViewport(width, 900), chromedp.Navigate(file.String()), chromedp.WaitReady(chromedp.CSS("main")))
			b.accessible(fmt.Sprintf("%s, %d pixels wide", name, width))
		}
	}
	b.open("/case/" + filepath.Base(filepath.Dir(found[0])))
	b.do("the check", chromedp.Navigate(b.root+"/check"), chromedp.WaitVisible(chromedp.CSS("#file")),
		chromedp.SetUploadFiles(chromedp.CSS("#file"), found), chromedp.WaitVisible(chromedp.CSS("#result .verdict")))
	if got := b.text("#result"); !strings.Contains(got, "GOOD") || !strings.Contains(got, "867253073004126") {
		b.t.Errorf("the page says of its own parcel: %s", got)
	}
	b.accessible("the result")
	// A picture of a paper: the browser reads the code, and the page checks it.
	picture := filepath.Join(b.t.TempDir(), "paper.png")
	mustDo(b.t, os.WriteFile(picture, onePixel(b.t), 0o600))
	eval[bool](b, `window.BarcodeDetector = class { async detect() { return [{rawValue: "a.b.c"}]; } }, true`)
	b.do("a picture", chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{picture}))
	eval[bool](b, until(`document.querySelector("#result").textContent.includes("not of a signed report")`))
	eval[bool](b, `window.BarcodeDetector = class { async detect() { return []; } }, true`)
	b.do("one without a code", chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{picture}))
	eval[bool](b, until(`document.querySelector("#camera p").textContent.includes("No code can be read")`))
}

// onePixel is a picture.
func onePixel(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	mustDo(t, png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))))
	return b.Bytes()
}
