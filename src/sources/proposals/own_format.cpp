#include <algorithm>
#include <base/error.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <cctype>
#include <memory>
#include <sources/proposals/head_forms.hpp>
#include <sources/proposals/own_format.hpp>
#include <sources/proposals/tables.hpp>

namespace resident {

namespace {

constexpr std::size_t kMostOwnNumber = 200, kMostOwnStatus = 60, kFewestPlaces = 3;

// What the groups of a pattern for paths hold, by their places; 0: no group does.
struct PathGroups {
  std::string expression;  // as RE2 writes named groups
  std::size_t status = 0, number = 0;
};

PathGroups path_groups(std::string_view pattern) {
  PathGroups groups;
  std::size_t count = 0;
  bool in_class = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    groups.expression += pattern[i];
    if (pattern[i] == '\\' && i + 1 < pattern.size()) {
      groups.expression += pattern[++i];
    } else if (pattern[i] == '[' && !in_class) {
      in_class = true;
      // "[]...]" and "[^]...]": the first one is a letter of the class.
      if (i + 1 < pattern.size() && pattern[i + 1] == '^') groups.expression += pattern[++i];
      if (i + 1 < pattern.size() && pattern[i + 1] == ']') groups.expression += pattern[++i];
    } else if (pattern[i] == ']') {
      in_class = false;
    } else if (pattern[i] == '(' && !in_class) {
      const auto rest = pattern.substr(i + 1);
      const bool is_named =
          (rest.starts_with("?<") && rest.size() > 2 && rest[2] != '=' && rest[2] != '!') || rest.starts_with("?P<");
      if (rest.starts_with('?') && !is_named) continue;
      ++count;
      if (rest.starts_with("?<")) groups.expression += "?P", ++i;
      const auto name = is_named ? rest.substr(rest.find('<') + 1) : std::string_view{};
      if (name.starts_with("status>")) groups.status = count;
      if (name.starts_with("number>")) groups.number = count;
    }
  }
  return groups;
}

// "0000", "xxxx", "NNNN": a place that is kept free for a number.
bool is_place_kept_free(std::string_view number) {
  const std::size_t end = std::min(number.find_first_of("-_ ."), number.size());
  const auto mark = number.substr(0, end);
  if (mark.empty()) return true;
  return mark.size() >= kFewestPlaces && std::string_view("0xXnN?").find(mark[0]) != std::string_view::npos &&
         mark.find_first_not_of(mark[0]) == std::string_view::npos;
}

class OwnFiles {
 public:
  explicit OwnFiles(const OwnProposalFormat& own) : groups_(path_groups(own.paths)), pattern_(groups_.expression) {
    for (const auto key : split(own.status.empty() ? "status" : std::string_view(own.status), ','))
      if (!trim(key).empty()) keys_.push_back(to_lower(trim(key)));
    if (keys_.empty()) keys_.push_back("status");
  }

  bool concerns(std::string_view path) const {
    if (!pattern_.matches(path)) return false;
    // A template has the form of all and is none.
    return !contains_ignoring_case(file_name(path), "template") || !number_of(path).empty();
  }

  std::vector<ProposalEntry> read(std::string_view path, std::string_view text) const {
    ProposalEntry entry;
    entry.key = number_of(path);
    entry.number = entry.key.empty() ? name_of(path) : entry.key;
    entry.draft = entry.key.empty() ? entry.number : std::string{};
    if (std::all_of(entry.key.begin(), entry.key.end(), [](unsigned char c) { return std::isdigit(c); }))
      entry.slug = slug_of(path);
    const auto parts = groups_in(path);
    if (groups_.status > 0) entry.status = clean_text(parts[groups_.status], kMostOwnStatus);
    for (const std::string& key : keys_) {
      for (const HeaderFields& fields : document_heads(path, text, key)) {
        if (entry.name.empty()) entry.name = field_value(fields, "title");
        if (entry.status.empty()) entry.status = clean_text(status_word(field_value(fields, key)), kMostOwnStatus);
      }
    }
    if (entry.name.empty()) entry.name = document_heading(text);
    return {entry};
  }

 private:
  std::vector<std::string_view> groups_in(std::string_view path) const {
    std::vector<std::string_view> parts(pattern_.group_count() + 1);
    if (!pattern_.search(path, 0, Pattern::Anchor::both, parts)) parts.assign(parts.size(), std::string_view{});
    return parts;
  }

  // Empty: it has none yet.
  std::string number_of(std::string_view path) const {
    const auto parts = groups_in(path);
    std::string number;
    if (groups_.number > 0) {
      number = parts[groups_.number];
    } else if (parts.size() == 1 + (groups_.status > 0)) {
      number = groups_.status > 0 ? path : parts[0];
    } else {
      for (std::size_t i = 1; i < parts.size(); ++i) {
        auto part = parts[i];
        while (part.ends_with('/')) part.remove_suffix(1);
        if (i == groups_.status || part.empty()) continue;
        number += (number.empty() ? "" : "/") + std::string(part);
      }
    }
    if (is_place_kept_free(number)) return {};
    const bool is_plain = std::all_of(number.begin(), number.end(), [](unsigned char c) { return std::isdigit(c); });
    return is_plain ? without_zeros(number) : clean_text(number, kMostOwnNumber);
  }

  // "0115-integers.md" → integers; of a file that is named alike everywhere, by its folder.
  static std::string slug_of(std::string_view path) {
    constexpr std::size_t kShortestSlug = 4;
    std::string name = name_of(path);
    const std::size_t digit = name.find_first_of("0123456789");
    if (digit == std::string::npos) return {};
    const std::size_t letter = name.find_first_not_of("0123456789-_ .", digit);
    if (letter == std::string::npos || name.size() - letter < kShortestSlug) return {};
    return to_lower(std::string_view(name).substr(letter));
  }

  // Of a file without a number: "0000-name"; 0 where a number alone is its name.
  static std::string name_of(std::string_view path) {
    auto name = file_name(path);
    name = name.substr(0, name.rfind('.'));
    if (!name.empty() && name.find_first_not_of('0') == std::string_view::npos) return "0";
    if (name == "README" || name == "index") {
      const auto folder = path.substr(0, path.size() - file_name(path).size());
      if (folder.size() > 1) name = file_name(folder.substr(0, folder.size() - 1));
    }
    return clean_text(name, kMostOwnNumber);
  }

  PathGroups groups_;
  Pattern pattern_;
  std::vector<std::string> keys_;
};

// Items of a list in YAML, as rows: their first key is what they are called, unless one is a name.
std::vector<ProposalEntry> read_yaml_list(std::string_view text, const std::string& status) {
  std::vector<ProposalEntry> entries;
  std::string item;
  const auto finish_item = [&] {
    if (item.empty()) return;
    const HeaderFields fields = yaml_fields(item);
    item.clear();
    if (fields.empty()) return;
    ProposalEntry entry;
    entry.name = field_value(fields, "title");
    for (const char* key : {"name", "id", "number", "title"})
      if (entry.number.empty()) entry.number = field_value(fields, key);
    if (entry.number.empty()) entry.number = fields.front().value;
    // It is known again by what it is called, and by its title.
    entry.link = entry.number;
    if (entry.name.empty()) entry.name = entry.number;
    entry.status = clean_text(status_word(field_value(fields, status)), kMostOwnStatus);
    if (!entry.number.empty() && !entry.status.empty()) entries.push_back(std::move(entry));
  };
  std::size_t indent = std::string_view::npos;
  for (const auto line : split(text, '\n')) {
    const std::size_t at = line.find_first_not_of(' ');
    if (at == std::string_view::npos || line[at] == '#') continue;
    const bool begins = line.substr(at).starts_with("- ") && (indent == std::string_view::npos || at == indent);
    if (begins) {
      finish_item();
      indent = at;
      item = std::string(line.substr(at + 2)) + "\n";
    } else if (indent != std::string_view::npos && at > indent) {
      item += std::string(line.substr(std::min(line.size(), indent + 2))) + "\n";
    } else {
      finish_item();
      indent = std::string_view::npos;
    }
  }
  finish_item();
  return entries;
}

std::vector<ProposalEntry> read_own_table(std::string_view path, std::string_view text, const std::string& status) {
  if (path.ends_with(".yaml") || path.ends_with(".yml")) return read_yaml_list(text, status);
  std::vector<ProposalEntry> entries;
  for (const TableRow& row : markdown_rows(text)) {
    const TableCell* cell = row.below(status);
    if (!cell || cell->text.empty() || row.cells.front().text.empty()) continue;
    ProposalEntry entry;
    entry.name = row.cells.front().text;
    entry.link = row.cells.front().link;
    entry.number = entry.link.empty() ? entry.name : last_part_of_address(entry.link);
    entry.status = clean_text(cell->text, kMostOwnStatus);
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace

ProposalFormat own_proposal_format(const OwnProposalFormat& own, bool is_table) {
  if (own.paths.empty())
    throw Error(ErrorKind::usage, "which files the proposals are is not said",
                "give --paths with a regular expression, such as 'docs/decisions/([0-9]+)-.*[.]md'");
  ProposalFormat format;
  format.name = is_table ? "own-table" : "own";
  format.noun = own.noun.empty() ? "proposal" : own.noun;
  format.identity = is_table ? ProposalIdentity::rows : ProposalIdentity::renames;
  format.stage = [](const std::string& word) { return stage_of_status_word(word); };
  const auto files = std::make_shared<const OwnFiles>(own);
  format.concerns = [files](std::string_view path) { return files->concerns(path); };
  const std::string status = to_lower(own.status.empty() ? "status" : own.status);
  if (is_table) {
    format.description = "the column " + status + " of a table";
    format.read = [status](std::string_view path, std::string_view text) { return read_own_table(path, text, status); };
    return format;
  }
  format.description = own.description.empty() ? "the header or key " + status + " of a file" : own.description;
  format.read = [files](std::string_view path, std::string_view text) { return files->read(path, text); };
  return format;
}

}  // namespace resident
