package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// release is what our build needs of .goreleaser.yaml. A key that stands nowhere
// here is an unchecked key.
type release struct {
	Version     int    `yaml:"version"`
	ProjectName string `yaml:"project_name"`
	Before      struct {
		Hooks []string `yaml:"hooks"`
	} `yaml:"before"`
	Builds []struct {
		Main         string   `yaml:"main"`
		Binary       string   `yaml:"binary"`
		Env          []string `yaml:"env"`
		GOOS         []string `yaml:"goos"`
		GOARCH       []string `yaml:"goarch"`
		Flags        []string `yaml:"flags"`
		LDFlags      []string `yaml:"ldflags"`
		ModTimestamp string   `yaml:"mod_timestamp"`
	} `yaml:"builds"`
	Archives []struct {
		NameTemplate    string     `yaml:"name_template"`
		Formats         []string   `yaml:"formats"`
		FormatOverrides []struct { // by system
			GOOS    string   `yaml:"goos"`
			Formats []string `yaml:"formats"`
		} `yaml:"format_overrides"`
		BuildsInfo packedInfo   `yaml:"builds_info"`
		Files      []packedFile `yaml:"files"`
	} `yaml:"archives"`
	Checksum struct {
		NameTemplate string `yaml:"name_template"`
		Algorithm    string `yaml:"algorithm"`
	} `yaml:"checksum"`
	SBOMs []struct {
		Artifacts string `yaml:"artifacts"`
	} `yaml:"sboms"`
	NFPMs []struct {
		PackageName      string               `yaml:"package_name"`
		FileNameTemplate string               `yaml:"file_name_template"`
		Formats          []string             `yaml:"formats"`
		Homepage         string               `yaml:"homepage"`
		Maintainer       string               `yaml:"maintainer"`
		Description      string               `yaml:"description"`
		License          string               `yaml:"license"`
		Section          string               `yaml:"section"`
		MTime            string               `yaml:"mtime"`
		Recommends       []string             `yaml:"recommends"`
		Overrides        map[string]yaml.Node `yaml:"overrides"`
		Contents         []packedFile         `yaml:"contents"`
	} `yaml:"nfpms"`
	Casks []struct {
		Name        string            `yaml:"name"`
		Homepage    string            `yaml:"homepage"`
		Description string            `yaml:"description"`
		License     string            `yaml:"license"`
		Binaries    []string          `yaml:"binaries"`
		ManPages    []string          `yaml:"manpages"`
		Completions map[string]string `yaml:"completions"`
		Repository  address           `yaml:"repository"`
		SkipUpload  bool              `yaml:"skip_upload"`
	} `yaml:"homebrew_casks"`
	Winget []struct {
		Name              string  `yaml:"name"`
		PackageIdentifier string  `yaml:"package_identifier"`
		Publisher         string  `yaml:"publisher"`
		License           string  `yaml:"license"`
		Homepage          string  `yaml:"homepage"`
		ShortDescription  string  `yaml:"short_description"`
		Repository        address `yaml:"repository"`
		SkipUpload        bool    `yaml:"skip_upload"`
	} `yaml:"winget"`
	Release struct {
		GitHub address `yaml:"github"`
		Draft  bool    `yaml:"draft"`
	} `yaml:"release"`
	Changelog struct {
		Disable bool `yaml:"disable"`
	} `yaml:"changelog"`
	Snapshot struct {
		VersionTemplate string `yaml:"version_template"`
	} `yaml:"snapshot"`
}

type packedInfo struct {
	Group string `yaml:"group"`
	Owner string `yaml:"owner"`
	MTime string `yaml:"mtime"`
}

type packedFile struct {
	Source      string     `yaml:"src"`
	Destination string     `yaml:"dst"`
	Info        packedInfo `yaml:"info"`
}

type address struct {
	Owner string `yaml:"owner"`
	Name  string `yaml:"name"`
}

func readRelease(t *testing.T) release {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", ".goreleaser.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var r release
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	if err := dec.Decode(&r); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestReleaseBuilds: a release is what the build makes, the same each time.
func TestReleaseBuilds(t *testing.T) {
	t.Parallel()
	r := readRelease(t)
	if len(r.Builds) != 1 || len(r.Archives) != 1 || len(r.NFPMs) != 1 || len(r.SBOMs) != 1 || r.Checksum.Algorithm != "sha256" {
		t.Fatalf("%d builds, %d archives, %d packages, %d SBOMs, checksums %q", len(r.Builds), len(r.Archives), len(r.NFPMs), len(r.SBOMs), r.Checksum.Algorithm)
	}
	b := r.Builds[0]
	out, err := exec.CommandContext(t.Context(), "go", "tool", "dist", "list").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, goos := range b.GOOS {
		for _, goarch := range b.GOARCH {
			if !slices.Contains(strings.Fields(string(out)), goos+"/"+goarch) {
				t.Errorf("Go builds nothing for %s/%s", goos, goarch)
			}
		}
	}
	for _, want := range []string{"linux", "darwin", "windows"} {
		if !slices.Contains(b.GOOS, want) {
			t.Errorf("no build for %s", want)
		}
	}
	if !slices.Contains(b.Flags, "-trimpath") || !slices.Contains(b.Env, "CGO_ENABLED=0") || b.ModTimestamp == "" || r.Archives[0].BuildsInfo.MTime == "" || r.NFPMs[0].MTime == "" {
		t.Error("two builds of one commit would differ")
	}
	if _, err := os.Stat(filepath.Join("..", "..", b.Main, "main.go")); err != nil {
		t.Errorf("main: %v", err)
	}
	for _, name := range regexp.MustCompile(`-X main\.(\w+)=`).FindAllStringSubmatch(strings.Join(b.LDFlags, " "), -1) {
		if !stringVar(t, name[1]) {
			t.Errorf("ldflags set main.%s, which is no string variable", name[1])
		}
	}
}

// stringVar says whether the program has a package-level `var name string`.
func stringVar(t *testing.T, name string) bool {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "main.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, decl := range f.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.VAR {
			continue
		}
		for _, spec := range gen.Specs {
			v := spec.(*ast.ValueSpec)
			kind, _ := v.Type.(*ast.Ident)
			if v.Names[0].Name == name && kind != nil && kind.Name == "string" && len(v.Values) == 0 {
				return true
			}
		}
	}
	return false
}

// TestReleaseFiles: every packed file exists, or a hook makes it.
func TestReleaseFiles(t *testing.T) {
	t.Parallel()
	r := readRelease(t)
	hooks := strings.Join(r.Before.Hooks, "\n")
	for _, f := range append(slices.Clone(r.Archives[0].Files), r.NFPMs[0].Contents...) {
		if made, ok := strings.CutPrefix(f.Source, ".release/"); ok {
			dir, _, _ := strings.Cut(made, "/")
			if !strings.Contains(hooks, ".release/"+strings.TrimSuffix(made, "/*")) && !strings.Contains(hooks, ".release/"+dir) {
				t.Errorf("no hook makes %s", f.Source)
			}
			continue
		}
		if found, err := filepath.Glob(filepath.Join("..", "..", f.Source)); err != nil || len(found) == 0 {
			t.Errorf("%s is packed and not there", f.Source)
		}
	}
	for _, shell := range []string{"bash", "zsh", "fish"} {
		if !strings.Contains(hooks, "completion "+shell+" >") {
			t.Errorf("no completion for %s is made", shell)
		}
	}
	if !r.Casks[0].SkipUpload || !r.Winget[0].SkipUpload || !r.Release.Draft {
		t.Error("something is published before a person looked at it")
	}
	for _, a := range []address{r.Release.GitHub, r.Casks[0].Repository, r.Winget[0].Repository} {
		if !strings.Contains(a.Owner, `envOrDefault "PRESHIP_OWNER"`) {
			t.Errorf("owner %q: who publishes says so, not this file", a.Owner)
		}
	}
}

// The licences of all that is linked ship with a release, and a module whose licence
// not checked at is not linked: .ci/licences fails for one that list.txt does not have.
func TestReleaseHasLicences(t *testing.T) {
	t.Parallel()
	r := readRelease(t)
	if !slices.ContainsFunc(r.Archives[0].Files, func(f packedFile) bool { return f.Source == ".release/LICENSES.txt" }) {
		t.Error("the archives lack the licences")
	}
	cmd := exec.CommandContext(t.Context(), "go", "run", "./.ci/licences")
	cmd.Dir = filepath.Join("..", "..")
	var problem bytes.Buffer
	cmd.Stderr = &problem
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, problem.Bytes())
	}
	list, err := os.ReadFile(filepath.Join("..", "..", ".ci", "licences", "list.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(list)) {
		name, licence, _ := strings.Cut(strings.TrimSpace(line), " ")
		if !bytes.Contains(out, []byte("\n"+name+" ("+licence+")\n\n")) {
			t.Errorf("no text of %s", name)
		}
	}
}
