// resident proposals ACTION: enhancement proposals by the history of the repository that keeps them.
#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <cli/options.hpp>
#include <cli/proposals/outlook.hpp>
#include <git/repository.hpp>
#include <sources/proposals/guess.hpp>
#include <views/view.hpp>

namespace resident {

namespace {

struct Wishes {
  std::string action = "list", clone, code, branch, format = "auto", number, status, period = "year", either;
  OwnProposalFormat own;
};

ProposalFormat chosen_format(git::Repository& repository, const Wishes& wishes) {
  std::string name = wishes.format;
  if (name == "auto" && !wishes.own.paths.empty()) name = "own";
  if (name != "auto") return proposal_format(name, wishes.own);
  if (auto found = find_proposal_format(repository)) return std::move(*found);
  throw Error(ErrorKind::usage, "the files of this clone look like proposals of no format that is known here",
              "name one with --format, or say with --paths and --status-key how they are kept");
}

struct Reading {
  git::Repository& repository;
  const ProposalFormat& format;
  const ProposalHistory& history;
  const ProposalQuestion& question;
  const KnownThreads& threads;
};

Result outlook(const Invocation& invocation, const Wishes& wishes, const Reading& reading, const Proposal* proposal) {
  const Dossiers dossiers = read_dossiers(reading.repository, reading.history);
  if (wishes.action == "releases") return proposal_releases(reading.history, reading.question, dossiers);
  std::vector<ProposalMention> mentions;
  if (!wishes.code.empty()) {
    git::Repository code(wishes.code);
    mentions = find_mentions(code, reading.history, dossiers, invocation.as_of_time());
  }
  const ProposalLinks links{dossiers, mentions, reading.threads};
  if (wishes.action == "links") return proposal_links(reading.history, reading.question, links, proposal);
  return proposals_waiting(reading.history, reading.format, reading.question, links, proposal);
}

// What the store knows of the project, where one is named.
struct StoreSide {
  std::string clone;
  KnownThreads threads;
};

StoreSide read_store(const Invocation& invocation) {
  StoreSide side;
  if (invocation.project.empty()) return side;
  const auto database = invocation.open(Access::read);
  Context context = invocation.context(*database);
  side.threads = read_known_threads(context);
  side.clone = database
                   ->text("SELECT min(location) FROM source WHERE project_id = :project AND kind = 'git'",
                          {{"project", context.project_id}})
                   .value_or(std::string{});
  return side;
}

int run(const Invocation& invocation, const Wishes& wishes) {
  const StoreSide store = read_store(invocation);
  const std::string clone = wishes.clone.empty() ? store.clone : wishes.clone;
  if (clone.empty())
    throw Error(ErrorKind::usage, "which clone holds the proposals is not said",
                "give it with --clone PATH, or the project of a store that has one with --project NAME");
  git::RepositoryOptions options;
  options.default_branch = wishes.branch;
  git::Repository repository(clone, options);
  const ProposalFormat format = chosen_format(repository, wishes);
  const auto as_of = invocation.as_of_time();
  const ProposalHistory history = read_proposal_history(repository, format, as_of);
  ProposalQuestion question;
  question.project = invocation.project.empty() ? one_line(file_name(clone)) : invocation.project;
  question.place = one_line(clone);
  // As everywhere: the moment is now, or where the data ends.
  const Timestamp now = invocation.clock.now();
  question.as_of = as_of ? *as_of : history.until && *history.until < now - 2 * kDay ? *history.until : now;
  const Proposal* proposal = nullptr;
  if (!wishes.number.empty()) {
    proposal = find_proposal(history, wishes.number);
    if (!proposal)
      throw Error(ErrorKind::usage, "there is no proposal " + one_line(wishes.number) + " in this history",
                  "resident proposals lists them all");
  }
  if (wishes.action == "history" || (wishes.action == "list" && proposal)) {
    if (!invocation.json.empty())
      invocation.out << proposal_changes_json(history, proposal).dump() << "\n";
    else
      invocation.print({proposal_changes(history, question, proposal)});
  } else if (wishes.action == "links" || wishes.action == "waiting" || wishes.action == "releases") {
    invocation.print({outlook(invocation, wishes, {repository, format, history, question, store.threads}, proposal)});
  } else if (wishes.action == "accepted") {
    invocation.print({proposals_by_period(history, format, question, wishes.period)});
  } else {
    invocation.print({proposal_list(history, format, question, wishes.status)});
  }
  return 0;
}

std::function<int()> declare_proposals(OptionSet& app, Invocation& invocation) {
  auto wishes = std::make_shared<Wishes>();
  takes_one_of(
      app.add_option("action", wishes->action, "list (without it), history, accepted, waiting, links, or releases")
          ->type_name("ACTION"),
      {"list", "history", "accepted", "waiting", "links", "releases"});
  invocation.add_store_options(app);
  app.add_option("--project", invocation.project,
                 "A project of the store: its clone, where --clone names none, and threads that proposals name")
      ->type_name("NAME");
  app.add_option("--clone", wishes->clone, "A clone of the repository that keeps the proposals: bare or not")
      ->type_name("PATH");
  app.add_option("--code", wishes->code, "waiting, links: a clone of the product, whose commits carry proposals out")
      ->type_name("PATH");
  app.add_option("--branch", wishes->branch, "Branch, tag or id that is read instead of the default branch")
      ->type_name("REF");
  takes_one_of(
      app.add_option("--kept-as", wishes->format, "How they are kept; told by the files without it")->type_name("FORM"),
      proposal_format_names());
  app.add_option("--number", wishes->number, "One proposal: its number, or its name where it has none")->type_name("N");
  app.add_option("--status", wishes->status, "list: only those of that status, or open, accepted, done, ended")
      ->type_name("WORD");
  takes_one_of(
      app.add_option("--by", wishes->period, "accepted: by year (without it), quarter or month")->type_name("PERIOD"),
      {"year", "quarter", "month"});
  app.add_option("--paths", wishes->own.paths,
                 "Proposals of another form: a regular expression for their files, its group is the number")
      ->type_name("PATTERN");
  app.add_option("--status-key", wishes->own.status,
                 "Of another form: the header, key or column that holds the status; Status without it")
      ->type_name("NAME");
  app.add_option("--as-of", invocation.as_of, "As it was at that moment; without it now, or where the data ends")
      ->type_name("DATE");
  // One word may say either: none of the two is ever a value of the other.
  std::vector<std::string> formats;
  for (const auto& view : views()) formats.push_back(view.name);
  const std::size_t printed = formats.size();
  for (const auto& name : proposal_format_names()) formats.push_back(name);
  takes_one_of(app.add_option("--format", wishes->either,
                              "How it is printed (a table without it), or, as --kept-as, how they are kept")
                   ->type_name("FORMAT"),
               formats);
  app.add_flag("--json{all}", invocation.json, "JSON; with =FIELDS (separated by commas) those columns alone");
  return [&invocation, wishes, formats, printed] {
    const auto place = std::find(formats.begin(), formats.end(), wishes->either) - formats.begin();
    if (static_cast<std::size_t>(place) < printed)
      invocation.format = wishes->either;
    else if (!wishes->either.empty())
      wishes->format = wishes->either;
    return run(invocation, *wishes);
  };
}

}  // namespace

extern const Command proposals_command;
const Command proposals_command{
    "proposals", "Enhancement proposals: their status, its history, what was accepted when",
    "Reads the whole history of the repository that keeps them, once: PEPs, Rust RFCs, KEPs, TC39 proposals, DEPs, or, "
    "with --paths, any files with a status in a header, front matter, YAML or a table.\n"
    "Example: resident proposals --clone peps; resident proposals history --clone peps --number 703; resident "
    "proposals accepted --clone rfcs --by quarter",
    declare_proposals};

}  // namespace resident
