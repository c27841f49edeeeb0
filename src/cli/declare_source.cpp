#include <fmt/format.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/declare_source.hpp>
#include <filesystem>

namespace resident {

void mind_other_clone(std::ostream& messages, Database& database, std::int64_t project, const std::string& place) {
  const Parameters parameters{{"project", project}, {"place", place}};
  if (database
          .integer("SELECT count(*) FROM source WHERE project_id = :project AND kind = 'git' AND location = :place",
                   parameters)
          .value_or(0))
    return;
  const auto other = database.text(
      "SELECT min(location) FROM source WHERE project_id = :project AND kind = 'git' AND location <> :place",
      parameters);
  if (!other) return;
  std::error_code ignored;
  if (std::filesystem::exists(*other, ignored))
    throw Error(ErrorKind::usage,
                fmt::format("the project has a clone already, {}: a second one would replace its newest tree and whose "
                            "lines stand",
                            one_line(*other)),
                "give this one a project of its own, with --project NAME");
  Transaction transaction(database);
  database.execute(
      "UPDATE source SET location = :place WHERE project_id = :project AND kind = 'git' AND location = :other",
      {{"place", place}, {"project", project}, {"other", *other}});
  transaction.commit();
  messages << fmt::format("the clone at {} is gone: this one takes its place\n", one_line(*other));
}

}  // namespace resident
