#include <algorithm>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <sources/proposals/details.hpp>
#include <sources/proposals/format.hpp>
#include <sources/proposals/head_forms.hpp>
#include <sources/proposals/tables.hpp>

namespace resident {

namespace {

constexpr std::size_t kMostPointers = 500, kMostAddress = 1000, kMostPeople = 100, kHead = 20'000;

void add_pointer(ProposalDetails& details, PointerKind kind, const std::string& target, const std::string& where) {
  if (target.empty() || details.pointers.size() >= kMostPointers) return;
  const auto same = std::find_if(details.pointers.begin(), details.pointers.end(),
                                 [&](const ProposalPointer& each) { return each.target == target; });
  if (same == details.pointers.end()) details.pointers.push_back({kind, target, where});
}

// A field that says where something is discussed: addresses, or the address of a mailing list, of which the name stays.
void add_discussions(ProposalDetails& details, const HeaderField& field, PointerKind kind, const std::string& where) {
  static const Pattern list(R"(\b([A-Za-z0-9][A-Za-z0-9.+_-]{1,60})@([A-Za-z0-9.-]+\.[A-Za-z]{2,12})\b)");
  const auto addresses = find_addresses(field.value);
  for (const std::string& address : addresses) add_pointer(details, kind, address, where);
  if (!addresses.empty() || kind != PointerKind::discussion) return;
  std::string_view rest = field.value;
  for (std::string name, host; list.find_next(rest, &name, &host);)
    add_pointer(details, PointerKind::list, to_lower(name), where);
}

// "Ann <ann at x.org>, Bob" → Ann, Bob: names alone.
std::vector<std::string> read_people(std::string_view text) {
  std::vector<std::string> people;
  for (const auto part : split(text, ',')) {
    auto name = trim(part.substr(0, part.find_first_of("<(")));
    if (name.starts_with("and ")) name = trim(name.substr(4));
    if (name.empty() || name.find('@') != std::string_view::npos) continue;
    if (people.size() < kMostPeople) people.push_back(clean_text(name, 200));
  }
  return people;
}

std::vector<std::string> read_numbers(std::string_view text) {
  static const Pattern number(R"(\b(\d{1,6})\b)");
  std::vector<std::string> numbers;
  std::string_view rest = text;
  for (std::string found; number.find_next(rest, &found) && numbers.size() < kMostPeople;)
    numbers.push_back(without_zeros(found));
  return numbers;
}

void add_people(ProposalDetails& details, const HeaderFields& fields) {
  for (const char* name : {"author", "authors", "author(s)", "owner", "owners", "champion", "champions", "deciders"}) {
    const HeaderField* field = find_field(fields, name);
    if (!field || !details.authors.empty()) continue;
    if (field->items.size() > 1) {
      for (const std::string& item : field->items) {
        if (item.starts_with('@')) details.authors.push_back(item);
        for (std::string& person : read_people(item)) details.authors.push_back(std::move(person));
      }
    } else {
      details.authors = read_people(field->value);
      if (details.authors.empty() && field->value.starts_with('@')) details.authors.push_back(field->value);
    }
  }
  // Elements, one after the other.
  std::string first;
  for (const HeaderField& field : fields) {
    if (field.name == "firstname") first = field.value;
    if (field.name == "surname" && details.authors.size() < kMostPeople)
      details.authors.push_back(clean_text(first + (first.empty() ? "" : " ") + field.value, 200)), first.clear();
  }
}

void take(std::string& to, const std::string& value) {
  if (to.empty()) to = value;
}

void take_numbers(std::vector<std::string>& to, const HeaderField& field,
                  std::initializer_list<std::string_view> names) {
  if (to.empty() && std::find(names.begin(), names.end(), field.name) != names.end()) to = read_numbers(field.value);
}

// Fields whose addresses are of a discussion, whatever the address looks like.
bool is_discussion_field(std::string_view name) {
  static const Pattern known(
      R"(^(?:discussions?(?:[- ]to)?|post-history|comments-uri|review(?: thread)?|pitch|forum)$)");
  return known.found_in(name);
}

// Fields whose addresses say themselves what they are.
bool is_pointing_field(std::string_view name) {
  static const Pattern known(
      R"(^(?:see-also|prs?|pull[- ]requests?|issue|issues|bugs?|ticket(?:-url)?|tracking(?: issue)?|meta|implementation)"
      R"(|technical story|voting issue|decision notes|(?:issue|pr)-(?:number|url|link)|rfc[- ]prs?)$)");
  return known.found_in(name);
}

void add_fields(ProposalDetails& details, const HeaderFields& fields) {
  add_people(details, fields);
  for (const char* name :
       {"created", "creation-date", "date-created", "start-date", "start date", "date-started", "assigned", "date"})
    take(details.created, field_value(fields, name));
  take(details.type, field_value(fields, "type"));
  take(details.version, field_value(fields, "python-version"));
  take(details.version, field_value(fields, "latest-milestone"));
  for (const HeaderField& field : fields) {
    if (is_discussion_field(field.name))
      add_discussions(details, field, PointerKind::discussion,
                      field.name == "post-history" ? "Post-History" : "Discussions-To");
    // GHC's: "This proposal was discussed at this pull request".
    if (field.name == "header" && contains_ignoring_case(field.value, "discussed"))
      add_discussions(details, field, PointerKind::discussion, "header");
    if (field.name == "resolution") add_discussions(details, field, PointerKind::resolution, "Resolution");
    take_numbers(details.requirements, field, {"requires"});
    if (is_pointing_field(field.name))
      for (const std::string& item : field.items)
        for (const std::string& address : find_addresses(item))
          add_pointer(details, kind_of_address(address), address, field.name);
  }
}

// "- RFC PR: [rust-lang/rfcs#115](https://…)" and the like: the list at the head of an RFC, with its addresses.
void add_list_head(ProposalDetails& details, std::string_view text) {
  static const Pattern item(R"(^\s*[-*+] +\**([A-Za-z][A-Za-z -]{1,30}?)s?\**:\**(.*)$)", Pattern::Letters::any_case);
  std::size_t number = 0;
  for (const auto line : split(text, '\n')) {
    if (++number > 40) break;
    std::string name, value;
    if (!item.found_in(line.substr(0, 2000), &name, &value)) continue;
    const std::string small = to_lower(name);
    if (small == "start date") take(details.created, clean_text(trim(value), 60));
    if (small == "feature name" || small == "start date") continue;
    const bool is_talk = is_discussion_field(small);
    for (const std::string& address : find_addresses(value)) {
      const PointerKind kind = kind_of_address(address);
      if (is_talk || kind == PointerKind::discussion)
        add_pointer(details, PointerKind::discussion, address, name);
      else if ((kind == PointerKind::pull || kind == PointerKind::issue) &&
               (is_pointing_field(small) || small == "rust issue" || small.ends_with(" issue")))
        add_pointer(details, kind, address, name);
    }
  }
}

// A title of reStructuredText (a line over a rule) or Markdown ("## …"); empty: the line is none.
std::string title_of(std::string_view line, std::string_view below) {
  line = trim(line);
  below = trim(below);
  if (line.starts_with("#")) return plain_markdown(line.substr(std::min(line.find_first_not_of('#'), line.size())));
  const bool is_rule = below.size() >= 3 && std::string_view("=-~^\"'`*+#").find(below[0]) != std::string_view::npos &&
                       below.find_first_not_of(below[0]) == std::string_view::npos;
  return is_rule && !line.empty() && below.size() + 2 >= line.size() ? clean_text(line, 200) : std::string{};
}

// Sections that tell how far it is carried out, and what is still open.
void add_sections(ProposalDetails& details, std::string_view text) {
  static const Pattern carries_out(
      R"(^(?:reference |proof.of.concept )?implementations?$|^implementation (?:history|status)$|^prototype$)",
      Pattern::Letters::any_case);
  static const Pattern open(R"(^open (?:issues|questions)$|^unresolved questions$)", Pattern::Letters::any_case);
  static const Pattern nothing(R"(^\W*(?:none|n/a|tbd|todo|nothing)?\W*$)", Pattern::Letters::any_case);
  const auto lines = split(text, '\n');
  std::string title;
  bool is_carrying = false, is_open = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto line = lines[i].substr(0, 4000);
    const auto below = i + 1 < lines.size() ? lines[i + 1].substr(0, 200) : std::string_view{};
    if (std::string found = title_of(line, below); !found.empty()) {
      title = found;
      is_carrying = carries_out.found_in(title);
      is_open = open.found_in(title);
      if (!trim(line).starts_with('#')) ++i;
      continue;
    }
    const auto bare = trim(line);
    if (is_carrying)
      for (const std::string& address : find_addresses(line)) {
        const PointerKind kind = kind_of_address(address);
        if (kind == PointerKind::pull || kind == PointerKind::issue || kind == PointerKind::commit)
          add_pointer(details, kind, address, title);
      }
    const bool is_markup = bare.starts_with('[') || bare.starts_with("..") || bare.starts_with("<!--");
    if (is_open && !bare.empty() && !is_markup && !nothing.found_in(bare)) details.has_open_issues = true;
  }
}

}  // namespace

const char* pointer_kind_name(PointerKind kind) {
  switch (kind) {
    case PointerKind::discussion:
      return "discussion";
    case PointerKind::resolution:
      return "resolution";
    case PointerKind::pull:
      return "pull";
    case PointerKind::issue:
      return "issue";
    case PointerKind::commit:
      return "commit";
    case PointerKind::document:
      return "document";
    case PointerKind::list:
      return "list";
  }
  return "";
}

PointerKind kind_of_address(std::string_view address) {
  static const Pattern pull(R"(^https?://[^/]+/.+/(?:pull|pulls|merge_requests)/\d+)");
  static const Pattern issue(
      R"(^https?://[^/]+/.+/(?:issues|work_items)/\d+|^https?://bugs\.python\.org/(?:issue\d+|\?@action=redirect&bpo=\d+))");
  static const Pattern commit(R"(^https?://[^/]+/.+/commits?/[0-9a-f]{7,64}\b)");
  static const Pattern thread(R"(^https?://[^/]+/(?:t/|pipermail/|archives/list/|.*/discussions/\d+))");
  if (pull.found_in(address)) return PointerKind::pull;
  if (issue.found_in(address)) return PointerKind::issue;
  if (commit.found_in(address)) return PointerKind::commit;
  return thread.found_in(address) ? PointerKind::discussion : PointerKind::document;
}

std::vector<std::string> find_addresses(std::string_view text) {
  static const Pattern address(R"((https?://[^\s<>"'`\])}|]+))");
  std::vector<std::string> found;
  std::string_view rest = text;
  for (std::string_view each; address.find_next(rest, &each) && found.size() < kMostPointers;) {
    while (!each.empty() && std::string_view(".,;:!?*").find(each.back()) != std::string_view::npos)
      each.remove_suffix(1);
    const std::string clean = safe_url(clean_text(each, kMostAddress));
    if (!clean.empty() && std::find(found.begin(), found.end(), clean) == found.end()) found.push_back(clean);
  }
  return found;
}

void read_proposal_details(ProposalDetails& details, std::string_view path, std::string_view text) {
  if (path.ends_with(".yaml") || path.ends_with(".yml")) {
    add_fields(details, yaml_fields(text));
    return;
  }
  const auto head = text.substr(0, kHead);
  const HeaderFields front = front_matter(head), fields = mail_headers(head), list = field_list(head);
  add_fields(details, front);
  if (path.ends_with(".md")) add_list_head(details, behind_front_matter(text));
  if (path.ends_with(".md") ? find_field(front, "status") != nullptr : find_field(fields, "status") != nullptr) {
    if (!path.ends_with(".md")) add_fields(details, fields);
  } else if (find_field(list, "status")) {
    add_fields(details, list);
  } else {
    for (const HeaderFields& each : document_heads(path, head, "status", Heads::all)) add_fields(details, each);
  }
  add_sections(details, text);
}

}  // namespace resident
