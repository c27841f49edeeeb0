#include <fmt/format.h>
#include <fmt/ranges.h>

#include <base/text.hpp>
#include <store/codeowner_book.hpp>

namespace resident {

void keep_codeowner_rules(Writer& writer, const std::vector<CodeownersRule>& rules, CodeownersForm form) {
  writer.flush();
  Database& database = writer.database();
  const Parameters source{{"project", writer.project_id()}, {"source", writer.source_id()}};
  database.execute("DELETE FROM codeowner WHERE project_id = :project AND source_id = :source", source);
  for (const CodeownersRule& rule : rules) {
    Parameters row = source;
    row.emplace_back("line", rule.line);
    row.emplace_back("pattern", clean_text(rule.pattern, 1000));
    row.emplace_back("owners", clean_text(blank_emails(fmt::format("{}", fmt::join(rule.owners, " "))), 2000));
    row.emplace_back("form", std::string(codeowners_form_name(form)));
    row.emplace_back("section", clean_text(rule.section, 300));
    row.emplace_back("optional", std::int64_t{rule.is_optional});
    row.emplace_back("approvals", std::int64_t{rule.approvals});
    database.execute(
        "INSERT INTO codeowner (project_id, source_id, line, pattern, owners, form, section, is_optional, approvals) "
        "VALUES (:project, :source, :line, :pattern, :owners, :form, :section, :optional, :approvals)",
        row);
  }
}

}  // namespace resident
