//! Prints what the syn parser says that Rust files use, one a line: file, line, module, name. declared_oracle.py runs it.
//! What stands within calls and definitions of macros is no syntax for syn: their lines are printed.
use std::{collections::HashSet, env, fs, path::Path};
use syn::{spanned::Spanned, visit::Visit, ItemExternCrate, ItemMod, ItemUse, UseTree};

#[derive(Default)]
struct Uses {
    rows: Vec<(usize, String, String)>,
    own: HashSet<String>,
    macros: Vec<(usize, usize)>,
}

fn plain(ident: &syn::Ident) -> String {
    ident.to_string().trim_start_matches("r#").to_string()
}

impl Uses {
    fn add(&mut self, line: usize, path: &[String], name: String) {
        if path.is_empty() {
            self.rows.push((line, name, String::new()));
        } else {
            self.rows.push((line, path.join("::"), if name == "self" { String::new() } else { name }));
        }
    }
    fn tree(&mut self, line: usize, path: &mut Vec<String>, tree: &UseTree) {
        match tree {
            UseTree::Path(part) => {
                path.push(plain(&part.ident));
                self.tree(line, path, &part.tree);
                path.pop();
            }
            UseTree::Name(name) => self.add(line, path, plain(&name.ident)),
            UseTree::Rename(name) => self.add(line, path, plain(&name.ident)),
            UseTree::Glob(_) => {
                if !path.is_empty() {
                    self.add(line, path, "*".to_string())
                }
            }
            UseTree::Group(group) => group.items.iter().for_each(|each| self.tree(line, path, each)),
        }
    }
}

impl<'ast> Visit<'ast> for Uses {
    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.tree(item.use_token.span().start().line, &mut Vec::new(), &item.tree);
    }
    fn visit_item_extern_crate(&mut self, item: &'ast ItemExternCrate) {
        if item.ident != "self" {
            self.add(item.extern_token.span().start().line, &[], plain(&item.ident));
        }
    }
    fn visit_macro(&mut self, each: &'ast syn::Macro) {
        self.macros.push((each.path.span().start().line, each.tokens.span().end().line));
    }
    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        self.own.insert(plain(&item.ident));
        syn::visit::visit_item_mod(self, item);
    }
}

fn walk(path: &Path) {
    let Ok(status) = fs::symlink_metadata(path) else { return };
    if status.is_dir() {
        let mut entries: Vec<_> = fs::read_dir(path).unwrap().map(|each| each.unwrap().path()).collect();
        entries.sort();
        entries.iter().for_each(|each| walk(each));
    } else if status.is_file() && path.extension().is_some_and(|each| each == "rs") {
        let Ok(file) = fs::read_to_string(path).map_err(|_| ()).and_then(|text| syn::parse_file(&text).map_err(|_| ())) else {
            println!("{}\trefused", path.display());
            return;
        };
        let mut uses = Uses::default();
        uses.visit_file(&file);
        for (line, module, name) in &uses.rows {
            let own = uses.own.contains(module.split("::").next().unwrap());
            println!("{}\t{line}\t{}{module}\t{name}", path.display(), if own { "self::" } else { "" });
        }
        for (from, to) in &uses.macros {
            println!("{}\tmacro\t{from}\t{to}", path.display());
        }
        println!("{}\tread", path.display());
    }
}

fn main() {
    walk(Path::new(&env::args().nth(1).expect("a folder")));
}
