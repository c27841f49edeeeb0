#include <fmt/format.h>

#include <algorithm>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <cctype>
#include <map>
#include <model/codeowners.hpp>
#include <model/document_owners.hpp>

namespace resident {

namespace {

constexpr std::size_t kMostLines = 100, kMostAuthors = 50, kMostLookedAt = 40;
constexpr std::size_t kHeaderBytes = 8000;

std::size_t indentation(std::string_view line) {
  return static_cast<std::size_t>(std::find_if(line.begin(), line.end(), [](char c) { return c != ' ' && c != '\t'; }) -
                                  line.begin());
}

// "  :Author: Ada", "| Author | Ada |", "Author: Ada": the field's name in lower case, and what stands behind it.
struct Field {
  std::string name, value;
};
std::optional<Field> field_of(std::string_view line) {
  line = trim(line);
  const char end = line.starts_with('|') ? '|' : ':';
  if (line.starts_with('|') || line.starts_with(':')) line.remove_prefix(1);
  if (line.starts_with("- ") || line.starts_with("* ")) line.remove_prefix(2);
  const std::size_t at = line.find(end);
  if (at == std::string_view::npos || at == 0 || at > 40) return std::nullopt;
  std::string name = to_lower(trim(line.substr(0, at)));
  std::erase(name, '*');
  for (const char c : name)
    if (!std::isalpha(static_cast<unsigned char>(c)) && c != '-' && c != ' ' && c != '_') return std::nullopt;
  std::string_view value = trim(line.substr(at + 1));
  while (value.ends_with('|')) value = trim(value.substr(0, value.size() - 1));
  while (value.starts_with('*')) value = trim(value.substr(1));
  return Field{name, std::string(value)};
}

bool is_login_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
}

// "Ada Lovelace <ada@…> (@ada)": what stands in brackets is no part of the name.
DocumentAuthor author_of(std::string_view text) {
  DocumentAuthor author;
  int depth = 0;
  std::string inside;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '@' && author.login.empty() && (i == 0 || !is_login_character(text[i - 1]))) {
      std::size_t end = i + 1;
      while (end < text.size() && is_login_character(text[end])) ++end;
      author.login = text.substr(i + 1, end - i - 1);
      i = end - 1;
      continue;
    }
    if (c == '<' || c == '(' || c == '[') ++depth;
    if (depth == 0 && c != '"' && c != '\'') author.name += c;
    if ((c == '>' || c == ')' || c == ']') && depth > 0) --depth;
  }
  std::string_view name = trim(author.name);
  while (name.starts_with("- ") || name.starts_with("* ")) name = trim(name.substr(2));
  if (name.starts_with("and ")) name = trim(name.substr(4));
  // An address without a name is nobody that can be found: addresses are not kept with the text.
  author.name = name.find('@') == std::string_view::npos ? std::string(name) : std::string();
  return author;
}

void add_authors(std::string_view value, std::vector<DocumentAuthor>& authors) {
  if (value.starts_with('[') && value.ends_with(']')) value = value.substr(1, value.size() - 2);
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t i = 0; i <= value.size(); ++i) {
    const char c = i < value.size() ? value[i] : ',';
    if (c == '<' || c == '(') ++depth;
    if ((c == '>' || c == ')') && depth > 0) --depth;
    const bool is_end = i == value.size() || (depth == 0 && (c == ',' || c == ';'));
    if (!is_end) continue;
    DocumentAuthor author = author_of(value.substr(begin, i - begin));
    begin = i + 1;
    if ((!author.name.empty() || !author.login.empty()) && authors.size() < kMostAuthors)
      authors.push_back(std::move(author));
  }
}

// "Ada Lovelace" and "adalovelace" are alike.
std::string letters_of(std::string_view name) {
  std::string result;
  for (const char c : to_lower(name))
    if (std::isalnum(static_cast<unsigned char>(c)) || (static_cast<unsigned char>(c) & 0x80)) result += c;
  return result;
}

// Whom a header means. A name alone joins nobody's identities; here it says whose word is asked for, and everybody who
// goes by it in this project is asked.
class Directory {
 public:
  Directory(const Context& context, const People& people) : people_(people) {
    for (const auto rows = context.database.query("SELECT identity_id, name, login FROM identity WHERE project_id = "
                                                  ":project AND (account_type IS NULL OR account_type <> 'Bot')",
                                                  {{"project", context.project_id}});
         rows->next();) {
      const std::int64_t person = people.person(rows->integer(0));
      if (person == 0) continue;
      if (!rows->is_null(1)) names_[to_lower(trim(rows->text(1)))].insert(person);
      if (!rows->is_null(2)) logins_[letters_of(rows->text(2))].insert(person);
    }
  }

  void find(const DocumentAuthor& author, std::set<std::int64_t>& owners) const {
    if (const auto login = people_.by_login.find(to_lower(author.login)); login != people_.by_login.end())
      owners.insert(login->second);
    if (author.name.empty()) return;
    if (const auto found = names_.find(to_lower(author.name)); found != names_.end())
      owners.insert(found->second.begin(), found->second.end());
    if (const auto found = logins_.find(letters_of(author.name)); found != logins_.end())
      owners.insert(found->second.begin(), found->second.end());
  }

 private:
  const People& people_;
  std::map<std::string, std::set<std::int64_t>> names_, logins_;
};

class OwnersLoader {
 public:
  OwnersLoader(const Context& context, const People& people, std::vector<OpenItem>& items)
      : context_(context), people_(people), items_(items), pattern_(context.config.review.document_paths) {}

  void load() {
    std::map<std::int64_t, std::vector<std::pair<std::int64_t, std::string>>> documents = documents_of_items();
    if (documents.empty()) return;
    codeowners_ = Codeowners::load(context_);
    const Directory directory(context_, people_);
    for (OpenItem& item : items_) {
      const auto found = documents.find(item.id);
      if (found == documents.end()) continue;
      item.changes_documents = true;
      item.is_own_document = item.author != 0;
      for (const auto& [path_id, path] : found->second) {
        const std::set<std::int64_t>& owners = owners_of(path_id, path, directory);
        item.owners.insert(owners.begin(), owners.end());
        // A new document is its author's; one whose authors are not known is nobody's in particular.
        const bool is_new = !bodies_.contains(path_id);
        if (!is_new && !owners.contains(item.author)) item.is_own_document = false;
      }
      item.owners.erase(item.author);
    }
  }

 private:
  // Of each open item, the documents among its files.
  std::map<std::int64_t, std::vector<std::pair<std::int64_t, std::string>>> documents_of_items() {
    std::map<std::int64_t, std::vector<std::pair<std::int64_t, std::string>>> documents;
    std::string ids;
    for (const OpenItem& item : items_)
      if (item.is_pull) ids += fmt::format("{}{}", ids.empty() ? "" : ", ", item.id);
    if (ids.empty()) return documents;
    std::set<std::int64_t> paths;
    for (const auto rows = context_.database.query(
             fmt::format("SELECT DISTINCT f.item_id, f.path_id, p.path FROM item_file f JOIN path p ON p.project_id = "
                         "f.project_id AND p.path_id = f.path_id WHERE f.project_id = :project AND f.item_id IN ({})",
                         ids),
             {{"project", context_.project_id}});
         rows->next();) {
      const std::string path = rows->string(2);
      if (!pattern_.found_in(path)) continue;
      documents[rows->integer(0)].emplace_back(rows->integer(1), path);
      paths.insert(rows->integer(1));
    }
    for (const std::int64_t path : paths)
      if (const auto body = context_.database.text("SELECT COALESCE(substr(body, 1, 8000), '') FROM doc_file WHERE "
                                                   "project_id = :project AND path_id = :path",
                                                   {{"project", context_.project_id}, {"path", path}}))
        bodies_[path] = *body;
    return documents;
  }

  const std::set<std::int64_t>& owners_of(std::int64_t path_id, const std::string& path, const Directory& directory) {
    const auto [found, is_new] = owners_.try_emplace(path_id);
    if (!is_new) return found->second;
    if (const auto body = bodies_.find(path_id); body != bodies_.end())
      for (const auto& author : document_authors(body->second, context_.config.review.author_headers))
        directory.find(author, found->second);
    // A line for everything names the editors; what may be lacking waits for nobody.
    for (const CodeownersRule* rule : codeowners_.of(path)) {
      if (is_for_everything(*rule) || rule->is_optional) continue;
      for (const std::string& owner : rule->owners)
        if (const auto known = people_.by_login.find(to_lower(owner.substr(owner.starts_with('@') ? 1 : 0)));
            known != people_.by_login.end())
          found->second.insert(known->second);
    }
    return found->second;
  }

  const Context& context_;
  const People& people_;
  std::vector<OpenItem>& items_;
  Pattern pattern_;
  std::map<std::int64_t, std::string> bodies_;
  std::map<std::int64_t, std::set<std::int64_t>> owners_;
  Codeowners codeowners_;
};

}  // namespace

std::vector<DocumentAuthor> document_authors(std::string_view text, const std::vector<std::string>& headers) {
  std::vector<DocumentAuthor> authors;
  text = text.substr(0, kHeaderBytes);
  std::size_t lines = 0, depth = 0;
  bool is_inside = false;
  for (const std::string_view line : split(text, '\n')) {
    if (++lines > kMostLines) break;
    const std::string_view words = trim(line);
    const auto field = field_of(line);
    const bool is_entry = words.starts_with("- ") || words.starts_with("* ");
    // A header's value goes on in lines that stand deeper than its name, or in entries of a list.
    if (is_inside && !words.empty() && (indentation(line) > depth || is_entry) && (!field || is_entry)) {
      add_authors(is_entry ? words.substr(2) : words, authors);
      continue;
    }
    is_inside = field && std::any_of(headers.begin(), headers.end(),
                                     [&](const std::string& each) { return to_lower(each) == field->name; });
    if (!is_inside) continue;
    depth = indentation(line);
    add_authors(field->value, authors);
  }
  return authors;
}

void load_document_owners(const Context& context, const People& people, std::vector<OpenItem>& items) {
  if (context.config.review.author_headers.empty() || context.config.review.document_paths.empty()) return;
  OwnersLoader(context, people, items).load();
}

ProposalsSeen look_for_proposals(const Context& context) {
  ProposalsSeen seen;
  if (!context.config.review.author_headers.empty()) return seen;
  const Pattern pattern(context.config.review.document_paths);
  const Parameters project{{"project", context.project_id}};
  std::vector<std::int64_t> paths;
  for (const auto rows =
           context.database.query("SELECT d.path_id, p.path FROM doc_file d JOIN path p ON p.project_id = d.project_id "
                                  "AND p.path_id = d.path_id WHERE d.project_id = :project ORDER BY d.path_id",
                                  project);
       rows->next() && paths.size() < kMostLookedAt;)
    if (pattern.found_in(rows->text(1))) paths.push_back(rows->integer(0));
  for (const std::int64_t path : paths) {
    const auto body = context.database.text(
        "SELECT substr(body, 1, 8000) FROM doc_file WHERE project_id = :project AND path_id = :path",
        {{"project", context.project_id}, {"path", path}});
    if (!body) continue;
    ++seen.looked_at;
    if (!document_authors(*body, {"Author", "Authors", "Champion", "Champions"}).empty()) ++seen.with_authors;
  }
  return seen;
}

}  // namespace resident
