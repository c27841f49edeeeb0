// resident init: from a clone to a first resident.toml and a store that knows the clone.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/pattern.hpp>
#include <base/shell.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <cli/declare_source.hpp>
#include <cli/init/starter.hpp>
#include <cli/init/survey.hpp>
#include <cli/options.hpp>
#include <filesystem>
#include <fstream>
#include <git/layout.hpp>
#include <net/forge.hpp>
#include <net/token.hpp>
#include <sources/source.hpp>
#include <store/writer.hpp>

namespace resident {

namespace {

constexpr const char* kNoForge = "none";
constexpr const char* kUsualDatabase = "resident.db";

struct InitWishes {
  std::string folder = ".", name, forge, preset, me, modules;
  std::vector<std::string> module_rules;
  bool yes = false, force = false, dry_run = false;
};

std::string first_words(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

// Not through links: what lies in a clone may lead anywhere.
std::string read_whole(const std::string& path) {
  constexpr std::size_t kLargest = 4'000'000;
  return git::read_plain_file(path, kLargest);
}

// Runs once in a folder: looks, asks, writes, declares, and says what it did.
class Beginning {
 public:
  Beginning(const Invocation& invocation, const InitWishes& wishes) : invocation_(invocation), wishes_(wishes) {}

  int run() {
    find_configuration();
    found_ = init::survey(wishes_.folder, config_);
    place_files();
    say_clone();
    choose_name();
    choose_forge();
    choose_preset();
    choose_modules();
    const std::string text = init::starter_text(settings_);
    Config::parse(text, config_file_);  // what is written can be read
    if (wishes_.dry_run) {
      invocation_.out << text;
      say(fmt::format("nothing was written: without --dry-run this goes to {}", config_file_));
      return 0;
    }
    write_configuration(text);
    declare_sources();
    say_token();
    say_next();
    return 0;
  }

 private:
  void say(const std::string& sentence) const { invocation_.err << one_line(redact(sentence)) << "\n"; }

  // What runs on a host, and where its token is, may be said already: by the user, not by a file that came with the
  // clone, which could name a command to be run.
  void find_configuration() {
    try {
      config_ = Config::load_of_user();
    } catch (const Error& error) {
      if (!wishes_.force) throw;
      say(fmt::format("warning: {}", error.what()));
    }
  }

  void place_files() {
    namespace fs = std::filesystem;
    std::error_code ignored;
    const std::string here = fs::canonical(fs::current_path(), ignored).string();
    is_elsewhere_ = here != found_.clone.top;
    const std::string before = is_elsewhere_ ? found_.clone.top + "/" : std::string();
    config_file_ = invocation_.config_file.value_or(before + "resident.toml");
    if (fs::is_symlink(config_file_, ignored))
      throw Error(ErrorKind::usage, fmt::format("{} is a link: nothing is written through it", one_line(config_file_)),
                  "take it away, or name another file with --config FILE");
    database_ = invocation_.db == kUsualDatabase ? before + kUsualDatabase : invocation_.db;
    if (fs::exists(config_file_, ignored)) {
      try {
        const std::string text = read_whole(config_file_);
        if (text.find("token_command") != std::string::npos || text.find("embedding") != std::string::npos)
          say(fmt::format(
              "warning: {} names a program to run or a library to load (token_command, [embedding]): read it "
              "before `resident sync` does, if it came with the clone",
              config_file_));
        const auto names = Config::load(config_file_).project_names();
        if (names.size() == 1) found_.name = names.front();
      } catch (const Error& error) {
        if (!wishes_.force) throw;
      }
    }
  }

  void say_clone() const {
    const auto& clone = found_.clone;
    const std::string kind = clone.is_bare ? "a bare clone" : clone.is_worktree ? "a work tree of a clone" : "a clone";
    std::string from = "without a remote: no forge is known";
    if (found_.address)
      from = fmt::format("of {} ({})", found_.address->web_url(), found_.remote_name);
    else if (!found_.remote_name.empty())
      from = fmt::format("of {} ({}), which leads to no forge", found_.remote_url, found_.remote_name);
    say(fmt::format("{}: {}, {}", clone.top, kind, from));
    if (!found_.remote_reason.empty()) say(found_.remote_reason);
    if (found_.is_empty) say("it has no commit yet: run `resident sync` once there is one");
    if (clone.is_shallow)
      say("it is shallow: what came before its history was cut counts as done by nobody; `git fetch --unshallow` "
          "brings it");
    if (clone.is_partial)
      say("it is partial: lines of files that are not there are not counted; `git fetch --refetch --no-filter` brings "
          "them");
  }

  // "" where nobody answers, or the answer is to take what is offered.
  std::string ask(const std::string& question, const std::string& offered) const {
    if (wishes_.yes || invocation_.in == nullptr) return {};
    invocation_.err << one_line(fmt::format("{} [{}]: ", question, offered)) << " " << std::flush;
    std::string line;
    if (!std::getline(*invocation_.in, line)) {
      invocation_.err << "\n";
      return {};
    }
    return std::string(trim(line));
  }

  // Asks until it is understood, three times at most.
  template <class Take>
  void ask_until(const std::string& question, const std::string& offered, const Take& take) const {
    constexpr int kMostTries = 3;
    for (int tries = 1;; ++tries) {
      const std::string answer = ask(question, offered);
      try {
        take(answer);
        return;
      } catch (const Error& error) {
        if (answer.empty() || tries == kMostTries) throw;
        say(fmt::format("{}; {}", error.what(), error.hint()));
      }
    }
  }

  void choose_name() {
    settings_.name = found_.name;
    std::string wanted = wishes_.name;
    if (wanted.empty()) wanted = ask("What is the project called?", found_.name);
    if (!wanted.empty()) settings_.name = std::string(trim(wanted));
    if (settings_.name.empty()) throw Error(ErrorKind::usage, "the project needs a name", "give one with --name NAME");
  }

  // Of a host that does not say what it is, its kind alone is an answer, too.
  void take_forge(const std::string& answer) {
    if (answer == kNoForge) {
      address_.reset();
      return;
    }
    if (answer.empty()) return;
    const auto& kinds = forge_kinds();
    if (address_ && std::find(kinds.begin(), kinds.end(), answer) != kinds.end())
      address_->kind = answer;
    else
      address_ = parse_typed_forge(config_, answer);
  }

  void choose_forge() {
    address_ = found_.address;
    const bool is_unknown = address_ && address_->kind.empty();
    if (is_unknown) address_->kind = found_.guessed_kind;
    if (!wishes_.forge.empty()) {
      take_forge(wishes_.forge);
    } else {
      std::string offered = address_ ? address_->kind.empty() ? kNoForge : address_->location() : kNoForge;
      if (is_unknown && !address_->kind.empty()) offered += ", as " + found_.guess_reason;
      const std::string question =
          is_unknown ? fmt::format("What runs on {}: {}, or {}?", address_->host, first_words(forge_kinds()), kNoForge)
                     : fmt::format("On which forge is it (or {}: the code alone)?", kNoForge);
      ask_until(question, offered, [&](const std::string& answer) { take_forge(answer); });
      if (is_unknown && address_ && !address_->kind.empty() && wishes_.yes)
        say(fmt::format("{} is taken for {}: {}", address_->host, address_->kind, found_.guess_reason));
    }
    if (!address_) return;
    settings_.url = address_->web_url();
    if (address_->kind.empty()) {
      say(fmt::format("{} does not say what runs there: `resident init --forge gitlab` (or {}) does", address_->host,
                      first_words(forge_kinds())));
      return;
    }
    if (!found_.address || found_.address->kind != address_->kind)
      if (parse_remote_address(config_, address_->web_url()).value_or(RemoteAddress()).kind.empty()) {
        settings_.forge_host = address_->host;
        settings_.forge_kind = address_->kind == "forgejo" ? "gitea" : address_->kind;
      }
  }

  void choose_preset() {
    settings_.preset = found_.preset;
    settings_.preset_reason = found_.preset_reason;
    const auto take = [&](const std::string& answer) {
      if (answer.empty() || answer == found_.preset) return;
      const auto names = preset_names();
      if (std::find(names.begin(), names.end(), answer) == names.end()) {
        const std::string nearest = near_miss(answer, names);
        throw Error(ErrorKind::usage, fmt::format("there is no preset called {}", one_line(answer)),
                    nearest.empty() ? fmt::format("the presets are {}", first_words(names))
                                    : fmt::format("did you mean {}?", nearest));
      }
      settings_.preset = answer;
      settings_.preset_reason = "as was said";
    };
    if (!wishes_.preset.empty())
      take(wishes_.preset);
    else
      ask_until(fmt::format("Which settings to start from ({})?", first_words(preset_names())),
                fmt::format("{}: {}", found_.preset, found_.preset_reason), take);
    say(fmt::format("preset {}: {}", settings_.preset, settings_.preset_reason));
  }

  void take_suggestion(const std::optional<init::ModuleSuggestion>& suggestion, const std::string& wanted) {
    if (!suggestion)
      throw Error(ErrorKind::usage, fmt::format("--modules {}: the tree has no such file", wanted),
                  "without it, modules are folders");
    settings_.modules = suggestion->rules;
    settings_.modules_from = suggestion->file;
    say(fmt::format(
        "modules: {} of {}{}", plural(static_cast<long long>(suggestion->rules.size()), "rule"), suggestion->file,
        suggestion->left_out
            ? fmt::format("; {} could not be taken over", plural(static_cast<long long>(suggestion->left_out), "line"))
            : ""));
  }

  void choose_modules() {
    settings_.me = one_line(clean_text(wishes_.me, 100));
    for (const std::string& each : wishes_.module_rules) {
      const std::size_t equal = each.find('=');
      const std::string name = each.substr(0, equal);
      const std::string pattern = equal == std::string::npos ? "" : each.substr(equal + 1);
      if (trim(name).empty() || pattern.empty())
        throw Error(ErrorKind::usage, fmt::format("--module: {} is no rule", one_line(clean_text(each, 200))),
                    "write it as NAME=PATTERN: --module 'parser=^src/parse'");
      if (const std::string fault = Pattern::fault_of(pattern); !fault.empty())
        throw Error(ErrorKind::usage, fmt::format("--module: {} is not a pattern: {}", one_line(pattern), fault));
      settings_.modules.push_back({pattern, std::string(trim(name))});
      settings_.modules_from = "the command line";
    }
    if (!settings_.modules.empty()) return;
    auto codeowners = found_.codeowners;
    if (codeowners && address_ && (!found_.address || found_.address->kind != address_->kind))
      codeowners = init::codeowners_of(found_.clone.top, address_->kind);
    if (wishes_.modules == "codeowners") return take_suggestion(codeowners, wishes_.modules);
    if (wishes_.modules == "maintainers") return take_suggestion(found_.maintainers, wishes_.modules);
    std::string more;
    for (const auto& [suggestion, word] :
         {std::pair(&codeowners, "codeowners"), std::pair(&found_.maintainers, "maintainers")})
      if (*suggestion)
        more += fmt::format("; `--modules {}` takes the {} of {}", word,
                            plural(static_cast<long long>((*suggestion)->rules.size()), "rule"), (*suggestion)->file);
    say("modules: folders" + more);
  }

  void write_configuration(const std::string& text) {
    std::error_code ignored;
    if (std::filesystem::exists(config_file_, ignored)) {
      const std::string before = read_whole(config_file_);
      if (before == text) return say(fmt::format("{} is as it would be written", config_file_));
      if (!wishes_.force) {
        invocation_.out << init::difference_of(before, text);
        return say(
            fmt::format("{} is there already and stays as it is (- there, + as it would be written); --force "
                        "replaces it",
                        config_file_));
      }
    }
    std::ofstream file(config_file_, std::ios::binary | std::ios::trunc);
    file << text;
    file.close();
    if (!file)
      throw Error(fmt::format("cannot write {}", one_line(config_file_)), "check that you may write in that folder");
    say(fmt::format("{} is written; it holds no secret and may be committed", config_file_));
  }

  void declare_sources() {
    const auto database = Database::open(database_, Access::write);
    const std::int64_t project = declare_project(*database, settings_.name);
    mind_other_clone(invocation_.err, *database, project, found_.clone.top);
    ensure_source(*database, project, "git", found_.clone.top);
    std::string what = "the clone";
    if (address_ && !address_->kind.empty() && has_token()) {
      const SourceKind& kind = find_source_kind(address_->kind);
      const std::string location = address_->location();
      ensure_source(*database, project, address_->kind, place_of(kind, location.substr(location.find(':') + 1)));
      what = fmt::format("the clone and {}", location);
    }
    if (const auto names = project_names(*database); names.size() > 1) {
      has_other_projects_ = true;
      say(fmt::format("the store holds {} beside it; `resident remove --project NAME` takes one out",
                      plural(static_cast<long long>(names.size()) - 1, "project")));
    }
    const bool is_file = database->engine() == "sqlite";
    say(fmt::format("the store {} knows {}", is_file ? database_ : "that --db names", what));
    if (is_file && is_unignored()) say("git does not ignore it: echo 'resident.db*' >> .git/info/exclude");
  }

  // A store in a work tree that git would show as a new file.
  bool is_unignored() const {
    if (found_.clone.is_bare || found_.clone.is_worktree || !database_.ends_with(kUsualDatabase)) return false;
    for (const char* file : {"/.gitignore", "/.git/info/exclude"}) {
      const std::string rules = read_whole(found_.clone.top + file);
      for (const auto line : split(rules, '\n'))
        for (const char* rule :
             {"resident.db*", "resident.db", "/resident.db", "/resident.db*", "resident.*", "*.db", "*.db*"})
          if (trim(line) == rule) return false;
    }
    return true;
  }

  bool has_token() {
    if (!token_) {
      try {
        token_ = find_token(config_, address_->host, usual_token_variables(address_->kind, address_->host));
      } catch (const Error& error) {
        say(fmt::format("warning: {}", error.what()));
        token_.emplace();
      }
    }
    return !token_->token.empty();
  }

  void say_token() {
    if (!address_ || address_->kind.empty()) return;
    const std::string place = address_->location();
    if (has_token())
      return say(fmt::format("{}: the token of {} is used; `resident auth` says what it may do", address_->host,
                             token_->source));
    auto variables = token_variables(address_->host, usual_token_variables(address_->kind, address_->host));
    std::rotate(variables.begin(), variables.begin() + 1, variables.end());  // the usual one first
    const std::string add = fmt::format("resident add {} --project {}", place, shell_word(settings_.name));
    const bool is_github = address_->kind == "github";
    say(fmt::format("{}: no token in {}", address_->host, fmt::join(variables, " or ")));
    say(fmt::format("  {} reads its issues, {} and reviews{}", add,
                    address_->kind == "gitlab" ? "merge requests" : "pull requests",
                    is_github ? ": with a token 100 items a request, without one 60 requests an hour" : ""));
    say(fmt::format("  a public project needs {}; a private one {}", is_github ? "one without any scope" : "none",
                    is_github ? "`repo` (fine-grained: contents, issues, pull requests, metadata to read)"
                    : address_->kind == "gitlab" ? "the scope read_api"
                                                 : "read:repository and read:issue"));
  }

  void say_next() const {
    invocation_.err << "Next:\n";
    if (is_elsewhere_) invocation_.err << "  cd " << shell_word(found_.clone.top) << "\n";
    const std::string db = invocation_.db == kUsualDatabase ? std::string()
                           : invocation_.db.starts_with("postgres")
                               ? std::string(" --db postgresql://…")  // it may hold a password
                               : fmt::format(" --db {}", shell_word(invocation_.db));
    const std::string project =
        has_other_projects_ ? fmt::format(" --project {}", shell_word(settings_.name)) : std::string();
    invocation_.err << "  resident sync" << db << "\n  resident today" << project << db << "\n";
  }

  const Invocation& invocation_;
  const InitWishes& wishes_;
  Config config_;
  init::Survey found_;
  init::StarterSettings settings_;
  std::optional<RemoteAddress> address_;
  std::optional<TokenFound> token_;
  std::string config_file_, database_;
  bool is_elsewhere_ = false, has_other_projects_ = false;
};

std::function<int()> declare_init(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  const auto wishes = std::make_shared<InitWishes>();
  app.add_option("folder", wishes->folder, "The clone, or a folder in it; without it, the current one")
      ->type_name("FOLDER");
  app.add_option("--name", wishes->name, "What the project is called; without it, as the repository")
      ->type_name("NAME");
  app.add_option(
         "--forge", wishes->forge,
         "Where it lives: github:OWNER/NAME, gitlab:https://HOST/GROUP/NAME, gitea:…, forgejo:…, the kind of the "
         "remote's host alone (gitlab), or none; without it, what the remote says")
      ->type_name("FORGE");
  takes_one_of(
      app.add_option("--preset", wishes->preset, "The settings to start from; without it, by what the tree holds")
          ->type_name("PRESET"),
      preset_names());
  app.add_option("--me", wishes->me, "Your login at the forge, for what waits for you")->type_name("LOGIN");
  takes_one_of(
      app.add_option("--modules", wishes->modules, "What the parts of the code are taken from; folders without it")
          ->type_name("WHAT"),
      {"folders", "codeowners", "maintainers"});
  app.add_option("--module", wishes->module_rules, "One part of the code: its name and the pattern (RE2) of its paths")
      ->type_name("NAME=PATTERN")
      ->allow_extra_args(false);
  app.add_flag("--yes", wishes->yes, "Ask nothing: take what was found");
  app.add_flag("--force", wishes->force, "Replace a resident.toml that is there");
  app.add_flag("--dry-run", wishes->dry_run, "Print what would be written, and change nothing");
  return [&invocation, wishes] { return Beginning(invocation, *wishes).run(); };
}

}  // namespace

extern const Command init_command;
const Command init_command{"init", "Begin with a clone: a resident.toml with remarks, and a store that knows the clone",
                           "Asks for the name, the forge and the preset where the input is a terminal; writes "
                           "./resident.toml and declares the "
                           "clone in ./resident.db, so that `resident sync` reads it. Nothing is asked of a forge.\n"
                           "Example: cd ~/src/myproject && resident init && resident sync && resident today",
                           declare_init};

}  // namespace resident
