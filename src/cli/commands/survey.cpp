// resident survey FILE.csv: answers to a survey, weighted to those who take part, without telling of anybody.
#include <fmt/format.h>

#include <base/data_table.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <cli/survey/own_words.hpp>
#include <cli/survey/tables.hpp>
#include <memory>

namespace resident {

namespace {

struct Wishes {
  std::string file, codebook, by, question;
};

int run(const Invocation& invocation, const Wishes& wishes) {
  Survey survey;
  survey.file = wishes.file;
  survey.sheet = surveys::read_sheet(read_text_file(wishes.file), wishes.file);
  if (survey.sheet.responses == 0)
    throw Error(
        ErrorKind::usage,
        fmt::format("{} has no response: {} not finished, {} previews or tests, {} of another width than its "
                    "heading",
                    one_line(wishes.file), survey.sheet.unfinished, survey.sheet.previews, survey.sheet.set_aside),
        "give the answers as LimeSurvey, Google Forms or Qualtrics export them (CSV)");
  if (!wishes.codebook.empty())
    survey.codebook = surveys::read_codebook(read_text_file(wishes.codebook), wishes.codebook);
  survey.questions = surveys::questions_of(survey.sheet, survey.codebook);
  for (surveys::Question& question : survey.questions) gather_own_words(question, survey.codebook);
  std::unique_ptr<Database> database;
  std::optional<Context> context;
  // The store is asked only where something would be joined to it.
  const bool wants_store = !survey.codebook.stratum.empty() || !survey.codebook.module.empty();
  if (wants_store && !invocation.project.empty()) {
    database = invocation.open(Access::read);
    context.emplace(invocation.context(*database));
  }
  survey.weights =
      survey_weights(context ? &*context : nullptr, survey.questions, survey.codebook, survey.sheet.responses);
  std::vector<Result> results;
  if (!wishes.by.empty()) {
    results.push_back(by_result(survey, wishes.by));
  } else if (!wishes.question.empty()) {
    results.push_back(answers_result(survey, wishes.question));
  } else {
    results = {survey_result(survey), answers_result(survey, ""), numbers_result(survey), words_result(survey)};
    if (context && !survey.codebook.module.empty()) results.push_back(modules_result(survey, *context));
  }
  for (Result& result : results) {
    if (!context) continue;
    result.project = context->project;
    result.simulated = context->simulated;
    result.as_of = context->as_of;
    result.data_until = context->data_until;
  }
  invocation.print(std::move(results));
  return 0;
}

}  // namespace

extern const Command survey_command;
const Command survey_command{
    "survey", "Answers to a survey, weighted to those who take part; nobody can be told from them",
    "FILE: a CSV of LimeSurvey, Google Forms or Qualtrics. A codebook (TOML) says what the questions are, which one "
    "tells how active somebody is, and which allows to quote; with --project the answers are weighted to the people in "
    "the store. Nothing is written, and columns that tell who answered are never used.\n"
    "Example: resident survey answers.csv --codebook survey.toml --project cpython",
    [](OptionSet& app, Invocation& invocation) -> std::function<int()> {
      auto wishes = std::make_shared<Wishes>();
      app.add_option("file", wishes->file, "The answers; - for what is piped in")->type_name("FILE")->required();
      app.add_option("--codebook", wishes->codebook, "What the questions are, in TOML")->type_name("FILE");
      app.add_option("--question", wishes->question, "Only this one, with a picture")->type_name("CODE");
      app.add_option("--by", wishes->by, "Counts of all others by this one, not weighted")->type_name("CODE");
      invocation.add_store_options(app);
      invocation.add_project_option(app);
      invocation.add_result_options(app);
      return [&invocation, wishes] { return run(invocation, *wishes); };
    }};

}  // namespace resident
