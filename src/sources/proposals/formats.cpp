// The formats of proposals, one function each.
#include <algorithm>
#include <array>
#include <base/error.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <cctype>
#include <map>
#include <sources/proposals/format.hpp>
#include <sources/proposals/header_fields.hpp>
#include <sources/proposals/own_format.hpp>
#include <sources/proposals/tables.hpp>

namespace resident {

namespace {

constexpr std::size_t kMostStatus = 60, kMostDigits = 6;

std::size_t count_digits(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c); });
  return static_cast<std::size_t>(end - text.begin());
}

std::string short_status(const std::string& status) {
  return clean_text(status, kMostStatus);
}

// The digits of "pep-0008.txt" and "pep-0008.rst"; empty for anything else.
std::string_view pep_digits(std::string_view path) {
  auto name = file_name(path);
  if (!name.starts_with("pep-") || !(name.ends_with(".txt") || name.ends_with(".rst"))) return {};
  name = name.substr(4, name.size() - 8);
  if (name.empty() || name.size() > 4 || count_digits(name) != name.size()) return {};
  // What the tools that render PEPs are tested with is none.
  return path.find("test") == std::string_view::npos ? name : std::string_view{};
}

ProposalFormat peps() {
  ProposalFormat format;
  format.name = "peps";
  format.noun = "PEP";
  format.description = "the header Status of pep-NNNN.txt or .rst, wherever the file lies";
  format.concerns = [](std::string_view path) { return !pep_digits(path).empty(); };
  format.wants_beside = [](std::string_view path) { return file_name(path) == "python-releases.toml"; };
  format.stage = [](const std::string& status) { return stage_of_status_word(status); };
  format.read = [](std::string_view path, std::string_view text) {
    const HeaderFields fields = mail_headers(text.substr(0, 20'000));
    ProposalEntry entry;
    entry.key = entry.number = without_zeros(pep_digits(path));
    entry.name = field_value(fields, "title");
    entry.status = short_status(field_value(fields, "status"));
    entry.rank = path.ends_with(".rst") ? 1 : 0;
    return std::vector{entry};
  };
  return format;
}

// "text/0115-rm-integer-fallback.md" → folder "text", "0115", "rm-integer-fallback".
bool split_rfc_path(std::string_view path, std::string_view& folder, std::string_view& digits, std::string_view& slug) {
  const std::size_t slash = path.find('/');
  folder = slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
  const auto name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  if (name.find('/') != std::string_view::npos || !name.ends_with(".md")) return false;
  return split_numbered_name(name.substr(0, name.size() - 3), digits, slug) && digits.size() == 4 && slug != "template";
}

ProposalFormat rfcs() {
  ProposalFormat format;
  format.name = "rfcs";
  format.noun = "RFC";
  format.description =
      "folder and number of NNNN-name.md: 0000 until it has one; one in a folder like text is accepted";
  format.concerns = [](std::string_view path) {
    std::string_view folder, digits, slug;
    return split_rfc_path(path, folder, digits, slug);
  };
  format.stage = [](const std::string& status) {
    // Where folders are states; the first ones of Rust's were not yet.
    const std::string folder = status.substr(0, status.find('/'));
    const ProposalStage by_folder = stage_of_status_word(folder);
    if (folder != "active" && folder != "complete" && by_folder != ProposalStage::open) return by_folder;
    return status.ends_with("/0000") ? ProposalStage::open : ProposalStage::accepted;
  };
  format.read = [](std::string_view path, std::string_view text) {
    std::string_view folder, digits, slug;
    split_rfc_path(path, folder, digits, slug);
    ProposalEntry entry;
    entry.key = entry.name = slug;
    entry.number = without_zeros(digits);
    if (entry.number == "0") entry.number = slug;
    entry.status = std::string(folder) + "/" + std::string(digits);
    entry.rank = digits == "0000" ? 0 : 1;
    (void)text;
    return std::vector{entry};
  };
  return format;
}

// DEP 1: the folders are the states.
constexpr std::array kDepFolders{"draft", "accepted", "final", "rejected", "superseded", "withdrawn"};

ProposalFormat deps() {
  ProposalFormat format;
  format.name = "deps";
  format.noun = "DEP";
  format.identity = ProposalIdentity::names;
  format.description = "the folder of the file and its field Status, both, since they disagree at times";
  format.concerns = [](std::string_view path) {
    const std::size_t slash = path.find('/');
    const auto name = file_name(path);
    return slash != std::string_view::npos && path.find('/', slash + 1) == std::string_view::npos &&
           name.ends_with(".rst") && to_lower(name) != "readme.rst" &&
           std::find(kDepFolders.begin(), kDepFolders.end(), path.substr(0, slash)) != kDepFolders.end();
  };
  // Where folder and header disagree: the folder is what was decided on.
  format.stage = [](const std::string& status) { return stage_of_status_word(status); };
  format.read = [](std::string_view path, std::string_view text) {
    const auto name = file_name(path).substr(0, file_name(path).size() - 4);
    std::string_view digits, slug;
    ProposalEntry entry;
    entry.number = name;
    entry.key = split_numbered_name(name, digits, slug) ? slug : name;
    std::string status = field_value(field_list(text.substr(0, 20'000)), "status");
    if (status.empty()) status = field_value(header_paragraph(text.substr(0, 20'000)), "status");
    entry.status =
        std::string(path.substr(0, path.find('/'))) + "|" + (status.empty() ? "<none>" : short_status(status));
    return std::vector{entry};
  };
  return format;
}

// The number of "keps/sig-node/123-name/…": of the folder that holds the file.
std::string_view kep_digits(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {};
  const auto folder = file_name(path.substr(0, slash));
  std::string_view digits, slug;
  return split_numbered_name(folder, digits, slug) && digits.size() <= kMostDigits ? digits : std::string_view{};
}

ProposalFormat keps() {
  ProposalFormat format;
  format.name = "keps";
  format.noun = "KEP";
  format.identity = ProposalIdentity::renames;
  format.description =
      "the key status of kep.yaml in a folder NNN-name, and before there was one, of the front matter of a .md file";
  format.concerns = [](std::string_view path) {
    // 0000 is the number of the template: what has it yet, in its name or its folder's, is not taken up.
    if (path.find("template") != std::string_view::npos || path.starts_with("0000-") ||
        path.find("/0000-") != std::string_view::npos || path.find("testdata/") != std::string_view::npos)
      return false;
    const auto name = file_name(path);
    return (name == "kep.yaml" && !kep_digits(path).empty()) || name.ends_with(".md");
  };
  // KEP-1: provisional is what still has to be agreed on.
  format.stage = [](const std::string& status) {
    return to_lower(status).starts_with("provisional") ? ProposalStage::open : stage_of_status_word(status);
  };
  format.read = [](std::string_view path, std::string_view text) {
    const auto name = file_name(path);
    const bool is_yaml = name == "kep.yaml";
    const HeaderFields fields = is_yaml ? yaml_fields(text) : front_matter(text.substr(0, 100'000));
    ProposalEntry entry;
    // Other .md files of a numbered folder are appendices, or what the proposal was before it was numbered.
    if (is_yaml || name == "README.md") entry.key = entry.number = without_zeros(kep_digits(path));
    entry.name = field_value(fields, "title");
    entry.status = short_status(field_value(fields, "status"));
    // What the template offers to choose from is no choice.
    if (entry.status.find('|') != std::string::npos) entry.status.clear();
    entry.rank = is_yaml ? 2 : !entry.key.empty() ? 1 : 0;
    return std::vector{entry};
  };
  return format;
}

std::string row_stage(std::string_view path, const TableRow& row) {
  static const Pattern stage(R"(^stage ([0-9](?:\.[0-9]+)?)\b)", Pattern::Letters::any_case);
  static const Pattern digit(R"(^([0-9](?:\.[0-9]+)?)$)");
  const auto name = file_name(path);
  std::string found;
  if (name == "finished-proposals.md") return "4";
  if (name == "inactive-proposals.md") return "inactive";
  if (name == "stage-0-proposals.md") return "0";
  if (name == "stage-1-proposals.md") return "1";
  if (stage.found_in(row.heading, &found)) return found;
  const TableCell* cell = row.below("stage");
  if (cell && digit.found_in(cell->text, &found)) return found;
  return {};
}

int stage_rank(const std::string& stage) {
  if (stage == "inactive") return 100;
  return stage.empty() ? -1 : static_cast<int>(10 * (stage[0] - '0')) + (stage.size() > 1 ? 7 : 0);
}

ProposalFormat tc39() {
  ProposalFormat format;
  format.name = "tc39";
  format.noun = "proposal";
  format.identity = ProposalIdentity::rows;
  format.description = "the table in which the row of the proposal stands, or its column Stage";
  format.concerns = [](std::string_view path) {
    const auto folder = path.substr(0, path.size() - file_name(path).size());
    const auto name = file_name(path);
    return (folder.empty() || folder == "ecma402/") && (name == "README.md" || name.ends_with("-proposals.md"));
  };
  // https://tc39.es/process-document/: stage 3 is recommended for implementation, stage 4 is in the standard.
  format.stage = [](const std::string& status) {
    if (status == "4") return ProposalStage::done;
    if (status == "3") return ProposalStage::accepted;
    return status == "inactive" ? ProposalStage::ended : ProposalStage::open;
  };
  format.read = [](std::string_view path, std::string_view text) {
    std::vector<ProposalEntry> entries;
    for (const TableRow& row : markdown_rows(text)) {
      const TableCell* cell = row.below("proposal");
      if (!cell || cell->text.empty()) continue;
      ProposalEntry entry;
      entry.name = cell->text;
      entry.link = cell->link;
      entry.number = cell->link.empty() ? to_lower(cell->text) : last_part_of_address(cell->link);
      entry.status = row_stage(path, row);
      entry.rank = stage_rank(entry.status);
      if (!entry.status.empty()) entries.push_back(std::move(entry));
    }
    return entries;
  };
  return format;
}

}  // namespace

ProposalStage stage_of_status_word(std::string_view status) {
  const std::string word = to_lower(trim(status));
  const auto is_one_of = [&](std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view each) { return word.starts_with(each); });
  };
  if (is_one_of({"final", "implemented", "done", "finished", "completed", "stable", "deployed", "released",
                 "recommended", "shipped", "activated", "ratified", "closed (done)"}))
    return ProposalStage::done;
  if (is_one_of({"reject", "withdraw", "supersede", "replace", "obsolete", "abandon", "inactive", "declined",
                 "april fool", "closed", "discontinued", "retract", "deprecat", "cancel", "dismiss", "moved"}))
    return ProposalStage::ended;
  if (is_one_of({"accept", "approve", "active", "implementable", "provisional", "complete", "ready-for-release",
                 "ready for release", "living", "activation", "waiting-for-implementation", "in force"}) &&
      !word.starts_with("active review"))
    return ProposalStage::accepted;
  return ProposalStage::open;
}

std::string last_part_of_address(std::string_view address) {
  address = address.substr(0, address.find_first_of("?#"));
  while (address.ends_with('/')) address.remove_suffix(1);
  return to_lower(file_name(address));
}

const char* proposal_stage_name(ProposalStage stage) {
  switch (stage) {
    case ProposalStage::open:
      return "open";
    case ProposalStage::accepted:
      return "accepted";
    case ProposalStage::done:
      return "done";
    case ProposalStage::ended:
      return "ended";
  }
  return "";
}

std::string_view file_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool split_numbered_name(std::string_view name, std::string_view& digits, std::string_view& rest) {
  const std::size_t count = count_digits(name);
  if (count == 0 || count + 1 >= name.size() || (name[count] != '-' && name[count] != '_')) return false;
  digits = name.substr(0, count);
  rest = name.substr(count + 1);
  return true;
}

std::string without_zeros(std::string_view digits) {
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  return std::string(digits);
}

std::vector<std::string> proposal_format_names() {
  return {"auto", "peps", "rfcs", "keps", "tc39", "deps", "own", "own-table"};
}

ProposalFormat proposal_format(const std::string& name, const OwnProposalFormat& own) {
  if (name == "peps") return peps();
  if (name == "rfcs") return rfcs();
  if (name == "keps") return keps();
  if (name == "tc39") return tc39();
  if (name == "deps") return deps();
  if (name == "own" || name == "own-table") return own_proposal_format(own, name == "own-table");
  throw Error(ErrorKind::usage, "there is no format of proposals called " + one_line(name),
              "it is one of peps, rfcs, keps, tc39, deps, own, own-table");
}

std::string guess_proposal_format(const std::vector<std::string>& paths) {
  if (paths.empty()) return {};
  // By what no other project has: tc39's few files are told by their names, and any folder has a README.
  std::map<std::string, std::size_t> votes;
  const ProposalFormat peps_format = peps(), rfcs_format = rfcs(), keps_format = keps(), deps_format = deps();
  for (const std::string& path : paths) {
    votes["peps"] += peps_format.concerns(path);
    votes["rfcs"] += path.starts_with("text/") && rfcs_format.concerns(path);
    votes["keps"] += path.ends_with("/kep.yaml") && keps_format.concerns(path);
    votes["deps"] += deps_format.concerns(path);
  }
  for (const std::string& path : paths)
    votes["tc39"] += 3 * (path == "finished-proposals.md" || path == "stage-0-proposals.md");
  const auto best =
      std::max_element(votes.begin(), votes.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return best->second >= 3 ? best->first : std::string{};
}

}  // namespace resident
