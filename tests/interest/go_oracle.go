// Prints what Go's own parser says that files import, one a line: file, line, path, and * where all names are taken.
// declared_oracle.py runs it. Files that the parser refuses are named with "refused".
package main

import (
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

func main() {
	filepath.Walk(os.Args[1], func(path string, info os.FileInfo, err error) error {
		if err != nil || !info.Mode().IsRegular() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			fmt.Printf("%s\trefused\n", path)
			return nil
		}
		for _, each := range file.Imports {
			name, text := "", each.Path.Value
			if each.Name != nil && each.Name.Name == "." {
				name = "*"
			}
			module, _ := strconv.Unquote(text)
			fmt.Printf("%s\t%d\t%s\t%s\n", path, files.Position(each.Pos()).Line, module, name)
		}
		fmt.Printf("%s\tread\n", path)
		return nil
	})
}
