#include <algorithm>
#include <base/codeowners_file.hpp>
#include <base/text.hpp>
#include <sources/git/codeowners.hpp>
#include <store/codeowner_book.hpp>
#include <string>
#include <vector>

namespace resident {

namespace {

constexpr const char* kMark = "CODEOWNERS";
constexpr std::size_t kMostBytes = 3'000'000;  // GitHub reads no more

// Where each forge looks, in its order; first of all for a folder that names a forge, where it is not known which.
std::vector<std::string> places(const ReferenceRules& rules) {
  if (rules.host.empty())
    return {".github/CODEOWNERS",  ".gitlab/CODEOWNERS", ".gitea/CODEOWNERS",
            ".forgejo/CODEOWNERS", "CODEOWNERS",         "docs/CODEOWNERS"};
  if (rules.forge == ForgeForms::gitlab) return {"CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"};
  if (rules.forge == ForgeForms::gitea)
    return {"CODEOWNERS", "docs/CODEOWNERS", ".gitea/CODEOWNERS", ".forgejo/CODEOWNERS"};
  return {".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"};
}

CodeownersForm form_of(const std::string& path, std::string_view text, const ReferenceRules& rules) {
  if (path.starts_with(".github/")) return CodeownersForm::github;
  if (path.starts_with(".gitlab/")) return CodeownersForm::gitlab;
  if (path.starts_with(".gitea/") || path.starts_with(".forgejo/")) return CodeownersForm::gitea;
  if (rules.host.empty()) return has_codeowners_sections(text) ? CodeownersForm::gitlab : CodeownersForm::github;
  return rules.forge == ForgeForms::gitlab  ? CodeownersForm::gitlab
         : rules.forge == ForgeForms::gitea ? CodeownersForm::gitea
                                            : CodeownersForm::github;
}

}  // namespace

void keep_codeowners(git::Repository& repository, const ReferenceRules& rules, Writer& writer) {
  const std::vector<git::Repository::HeadFile> files = repository.head_files();
  const git::Repository::HeadFile* file = nullptr;
  for (const std::string& place : places(rules)) {
    const auto found = std::find_if(files.begin(), files.end(), [&](const auto& each) { return each.path == place; });
    if (found == files.end() || found->is_link || found->is_submodule) continue;
    file = &*found;
    break;
  }
  const std::string print = file ? fingerprint(file->path + "\n" + file->blob + "\n" + rules.host + "\n" +
                                               std::to_string(static_cast<int>(rules.forge)))
                                 : "none";
  if (writer.seen(kMark, print) || (file == nullptr && !writer.knows(kMark))) return;
  std::vector<CodeownersRule> lines;
  CodeownersForm form = CodeownersForm::github;
  if (file != nullptr)
    if (const auto text = repository.read_text(*file, kMostBytes); text.text) {
      form = form_of(file->path, *text.text, rules);
      lines = read_codeowners(*text.text, form);
    }
  keep_codeowner_rules(writer, lines, form);
  writer.mark(kMark, print);
}

}  // namespace resident
