//! The SQL texts of the store, read out of its sources.
//!
//! Follows the modules as the compiler does. A text that cannot be seen here is named, never passed over.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    Attribute, Block, Expr, ExprCall, ExprPath, ImplItemFn, Item, ItemFn, ItemMacro, ItemMod, Lit, Local,
    Macro, Pat, Stmt, visit::Visit,
};

const CALLS: [&str; 3] = ["query", "query_as", "query_scalar"];

/// What the sources say.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    /// (module, text) of every statement that is a literal, a constant, or chosen among such.
    pub(crate) texts: BTreeSet<(String, String)>,
    /// Functions that put a statement together, such as `library::albums::summaries`.
    pub(crate) builders: BTreeSet<String>,
    /// Where a statement is made from a text that is not seen.
    pub(crate) unseen: BTreeSet<String>,
}

impl Sources {
    pub(crate) fn of_the_store() -> Self {
        let mut files = BTreeMap::new();
        load(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store").as_path(), "", &mut files);
        // It takes the texts of all the others.
        files.remove("sql").expect("the store has a module sql");
        Self::of(&files)
    }

    pub(crate) fn of(files: &BTreeMap<String, syn::File>) -> Self {
        let macros: BTreeMap<_, _> =
            files.values().flat_map(|file| &file.items).filter_map(definition).collect();
        let mut sources = Self::default();
        for (module, file) in files {
            let scope = (module.as_str(), String::new());
            let mut reader = Reader { scope, macros: &macros, names: Vec::new(), found: &mut sources };
            reader.names.push(reader.constants(file.items.iter()));
            reader.visit_file(file);
        }
        sources
    }
}

/// Reads `PATH.rs` and the modules it declares, but for those of tests.
fn load(path: &Path, module: &str, files: &mut BTreeMap<String, syn::File>) {
    let text = fs::read_to_string(path.with_extension("rs")).unwrap();
    let file = syn::parse_file(&text).unwrap();
    for item in &file.items {
        if let Item::Mod(ItemMod { attrs, ident, content: None, .. }) = item
            && !is_for_tests(attrs)
        {
            let name = if module.is_empty() { ident.to_string() } else { format!("{module}::{ident}") };
            load(&path.join(ident.to_string()), &name, files);
        }
    }
    files.insert(module.to_owned(), file);
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}

/// A macro of ours that stands for the beginning of a text.
fn definition(item: &Item) -> Option<(String, String)> {
    let Item::Macro(ItemMacro { ident: Some(name), mac, .. }) = item else { return None };
    Some((name.to_string(), literals(mac.tokens.clone())))
}

/// All of its pieces of text, one behind the other.
fn literals(tokens: TokenStream) -> String {
    tokens
        .into_iter()
        .map(|token| match token {
            TokenTree::Group(group) => literals(group.stream()),
            TokenTree::Literal(literal) => match Lit::new(literal) {
                Lit::Str(text) => text.value(),
                _ => String::new(),
            },
            TokenTree::Ident(_) | TokenTree::Punct(_) => String::new(),
        })
        .collect()
}

/// Whether something in there could make a statement.
fn makes_statements(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => makes_statements(group.stream()),
        TokenTree::Ident(name) => CALLS.iter().any(|call| name == call) || name == "Builder",
        TokenTree::Literal(_) | TokenTree::Punct(_) => false,
    })
}

/// What an expression can come to: the ends of its branches.
fn ends(expression: &Expr) -> Vec<&Expr> {
    match expression {
        Expr::Match(choice) => choice.arms.iter().flat_map(|arm| ends(&arm.body)).collect(),
        Expr::Block(block) => match block.block.stmts.last() {
            Some(Stmt::Expr(last, None)) => ends(last),
            _ => vec![expression],
        },
        Expr::Return(_) => Vec::new(),
        other => vec![other],
    }
}

/// One value of several in parentheses.
fn part(expression: &Expr, index: usize) -> Option<&Expr> {
    match expression {
        Expr::Tuple(tuple) => tuple.elems.get(index),
        _ => None,
    }
}

/// What a name stands for; None when that is not a text.
type Meaning = Option<Vec<String>>;

struct Reader<'a> {
    /// The module, and the function the reader is in.
    scope: (&'a str, String),
    macros: &'a BTreeMap<String, String>,
    /// Innermost last.
    names: Vec<BTreeMap<String, Meaning>>,
    found: &'a mut Sources,
}

impl Reader<'_> {
    fn place(&self) -> String {
        format!("{}::{}", self.scope.0, self.scope.1)
    }

    fn texts(&self, expression: &Expr) -> Meaning {
        self.texts_of_all(ends(expression))
    }

    fn texts_of_all(&self, ends: Vec<&Expr>) -> Meaning {
        let meanings: Option<Vec<_>> = ends.into_iter().map(|end| self.text(end)).collect();
        Some(meanings?.concat())
    }

    fn text(&self, end: &Expr) -> Meaning {
        match end {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => Some(vec![text.value()]),
                _ => None,
            },
            Expr::Macro(call) => self.expanded(&call.mac).map(|text| vec![text]),
            Expr::Path(path) => {
                let name = path.path.get_ident()?.to_string();
                self.names.iter().rev().find_map(|scope| scope.get(&name))?.clone()
            }
            _ => None,
        }
    }

    fn expanded(&self, call: &Macro) -> Option<String> {
        let name = call.path.segments.last()?.ident.to_string();
        let beginning = if name == "concat" { "" } else { self.macros.get(&name)?.as_str() };
        Some(beginning.to_owned() + &literals(call.tokens.clone()))
    }

    fn constants<'i>(&self, items: impl Iterator<Item = &'i Item>) -> BTreeMap<String, Meaning> {
        let constants = items.filter_map(|item| match item {
            Item::Const(constant) => Some((constant.ident.to_string(), self.texts(&constant.expr))),
            _ => None,
        });
        constants.collect()
    }

    fn define(&mut self, pattern: &Pat, value: &Expr) {
        match pattern {
            Pat::Type(typed) => self.define(&typed.pat, value),
            Pat::Tuple(names) => {
                for (index, name) in names.elems.iter().enumerate() {
                    let parts: Option<Vec<_>> = ends(value).into_iter().map(|end| part(end, index)).collect();
                    self.name(name, parts.and_then(|parts| self.texts_of_all(parts)));
                }
            }
            name => self.name(name, self.texts(value)),
        }
    }

    fn name(&mut self, pattern: &Pat, meaning: Meaning) {
        if let (Pat::Ident(name), Some(scope)) = (pattern, self.names.last_mut()) {
            scope.insert(name.ident.to_string(), meaning);
        }
    }

    fn call(&mut self, path: &[String], call: &ExprCall) {
        let place = self.place();
        match path {
            [.., owner, new] if owner == "Builder" && new == "new" => {
                self.found.builders.insert(place);
            }
            // What the engine says to its own connections is not written for both.
            [first, ..] if first == "sqlx" && self.scope.0.starts_with("engine") => {}
            [first, .., last] if first == "sqlx" && CALLS.contains(&last.as_str()) => {
                self.found.unseen.insert(place);
            }
            [.., last] if CALLS.contains(&last.as_str()) => {
                let module = self.scope.0.to_owned();
                match call.args.first().and_then(|text| self.texts(text)) {
                    Some(texts) => {
                        self.found.texts.extend(texts.into_iter().map(|text| (module.clone(), text)));
                    }
                    None => {
                        self.found.unseen.insert(place);
                    }
                }
            }
            _ => {}
        }
    }
}

fn segments(path: &ExprPath) -> Vec<String> {
    path.path.segments.iter().map(|segment| segment.ident.to_string()).collect()
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !is_for_tests(&module.attrs) {
            syn::visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.scope.1 = function.sig.ident.to_string();
        syn::visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        if !is_for_tests(&function.attrs) {
            self.scope.1 = function.sig.ident.to_string();
            syn::visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_block(&mut self, block: &'ast Block) {
        let items = block.stmts.iter().filter_map(|statement| match statement {
            Stmt::Item(item) => Some(item),
            _ => None,
        });
        self.names.push(self.constants(items));
        syn::visit::visit_block(self, block);
        self.names.pop();
    }

    fn visit_local(&mut self, local: &'ast Local) {
        syn::visit::visit_local(self, local);
        if let Some(value) = &local.init {
            self.define(&local.pat, &value.expr);
        }
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        match &*call.func {
            Expr::Path(path) => self.call(&segments(path), call),
            other => self.visit_expr(other),
        }
        call.args.iter().for_each(|argument| self.visit_expr(argument));
    }

    /// A function that is handed on instead of called.
    fn visit_expr_path(&mut self, path: &'ast ExprPath) {
        if let [_, .., last] = segments(path).as_slice()
            && CALLS.contains(&last.as_str())
        {
            self.found.unseen.insert(self.place());
        }
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        if makes_statements(call.tokens.clone()) {
            self.found.unseen.insert(format!("{}, in a macro", self.place()));
        }
    }
}
