package convsim_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// columns is how wide a line of prose may be.
const columns = 120

var (
	link = regexp.MustCompile(`\]\(([^)#:]+)[^):]*\)`)
	// named is a file of the repository named in a text; those with a word in
	// capitals stand for many.
	named = regexp.MustCompile("`([a-z0-9_./*-]+/[a-z0-9_.*-]+\\.(?:go|md|yaml|csv))`")
)

// TestPages reads all pages of documentation: what they link to and the files they
// name are there, lines of prose are not too long, no word comes twice in a row.
func TestPages(t *testing.T) {
	pages := find(t, ".md")
	if len(pages) < 5 {
		t.Fatalf("only %v", pages)
	}
	for _, page := range pages {
		data, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		last := ""
		for i, line := range strings.Split(prose(string(data)), "\n") {
			for _, m := range link.FindAllStringSubmatch(line, -1) {
				if _, err := os.Stat(filepath.Join(filepath.Dir(page), m[1])); err != nil {
					t.Errorf("%s:%d: a link leads to %s, which is not there", page, i+1, m[1])
				}
			}
			for _, m := range named.FindAllStringSubmatch(line, -1) {
				if found, err := filepath.Glob(m[1]); err != nil || len(found) == 0 {
					t.Errorf("%s:%d: it names %s, which is not there", page, i+1, m[1])
				}
			}
			if n := utf8.RuneCountInString(line); n > columns && !strings.HasPrefix(line, "|") {
				t.Errorf("%s:%d: %d columns; allowed: %d", page, i+1, n, columns)
			}
			last = doubled(t, page, i+1, last, line)
		}
	}
}

// TestComments reads all comments of the sources for the same.
func TestComments(t *testing.T) {
	files := token.NewFileSet()
	for _, name := range find(t, ".go") {
		file, err := parser.ParseFile(files, name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range file.Comments {
			comment(t, files, c)
		}
	}
}

// comment checks one comment, code in it left out.
func comment(t *testing.T, files *token.FileSet, group *ast.CommentGroup) {
	t.Helper()
	last := ""
	for _, c := range group.List {
		at := files.Position(c.Pos())
		text, isLine := strings.CutPrefix(c.Text, "//")
		if strings.HasPrefix(text, " Code generated") {
			continue // the generator words it
		}
		if strings.HasPrefix(text, " Output:") {
			return // of an Example
		}
		if !isLine || strings.HasPrefix(text, "\t") || strings.HasPrefix(text, "go:") || strings.HasPrefix(text, "   ") {
			last = ""
			continue
		}
		if n := utf8.RuneCountInString(c.Text); n > columns && at.Column == 1 {
			t.Errorf("%s:%d: %d columns; allowed: %d", at.Filename, at.Line, n, columns)
		}
		last = doubled(t, at.Filename, at.Line, last, text)
	}
}

// TestEveryNameHasAnExample: of each exported type, function and method of the front
// door that a user calls there is an Example that runs.
func TestEveryNameHasAnExample(t *testing.T) {
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	fset, files := token.NewFileSet(), []*ast.File{}
	for _, name := range names {
		file, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	p, err := doc.NewFromFiles(fset, files, module)
	if err != nil {
		t.Fatal(err)
	}
	shown := func(name string, examples []*doc.Example) {
		if !slices.ContainsFunc(examples, func(e *doc.Example) bool { return e.Output != "" }) {
			t.Errorf("%s has no Example with an output", name)
		}
	}
	functions := func(of string, list []*doc.Func) {
		for _, f := range list {
			if !slices.Contains([]string{"Error", "IsZero", "MarshalYAML"}, f.Name) { // libraries call those
				shown(of+f.Name, f.Examples)
			}
		}
	}
	functions("", p.Funcs)
	for _, of := range p.Types {
		shown(of.Name, of.Examples)
		functions("", of.Funcs)
		functions(of.Name+".", of.Methods)
	}
}

// doubled reports words of a line that come twice in a row, also over the end of
// the line before, whose last word is given; it returns this line's.
func doubled(t *testing.T, file string, number int, last, line string) string {
	t.Helper()
	for _, word := range strings.Fields(line) {
		if word == last && regexp.MustCompile(`^\pL+$`).MatchString(word) {
			t.Errorf("%s:%d: %q comes twice", file, number, word)
		}
		last = word
	}
	return last
}

// prose is a page without the lines of its code blocks, which become empty.
func prose(page string) string {
	lines, code := strings.Split(page, "\n"), false
	for i, line := range lines {
		fence := strings.HasPrefix(strings.TrimSpace(line), "```")
		if code || fence || strings.HasPrefix(line, "    ") {
			lines[i] = ""
		}
		code = code != fence
	}
	return strings.Join(lines, "\n")
}

// find lists the files of the repository whose names end so.
func find(t *testing.T, end string) (list []string) {
	t.Helper()
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || d.Name() == "node_modules" || len(d.Name()) > 1 && d.Name()[0] == '.'):
			return fs.SkipDir
		case !d.IsDir() && strings.HasSuffix(name, end):
			list = append(list, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}
