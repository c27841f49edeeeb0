// resident initiative: queries that are saved in a file, by name, and the dossier of each.
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <analyses/list.hpp>
#include <array>
#include <base/data_table.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/command.hpp>
#include <cli/options.hpp>
#include <filesystem>

namespace resident {

namespace {

constexpr const char* kFile = "initiatives.toml";
constexpr std::array<std::string_view, 4> kKeys{"labels", "milestones", "paths", "people"};

// By name: what the analysis is asked with.
std::vector<std::pair<std::string, Arguments>> read_saved(const std::string& file) {
  toml::table root;
  try {
    root = toml::parse(read_text_file(file));
  } catch (const toml::parse_error& error) {
    throw Error(ErrorKind::usage, fmt::format("{}, line {}: {}", one_line(file), error.source().begin.line,
                                              std::string(error.description())));
  }
  std::vector<std::pair<std::string, Arguments>> saved;
  for (const auto& [name, node] : root) {
    const auto refuse = [&, called = one_line(std::string(name.str()))](const std::string& why,
                                                                        const std::string& hint = {}) {
      throw Error(ErrorKind::usage, fmt::format("{}: {} {}", one_line(file), called, why), hint);
    };
    if (!node.is_table())
      refuse("must be a table", "[free-threading] and below it labels = [\"topic-free-threading\"]");
    Arguments arguments{{"name", std::string(name.str())}};
    for (const auto& [key, value] : *node.as_table()) {
      const std::string word(key.str());
      if (std::find(kKeys.begin(), kKeys.end(), word) == kKeys.end()) {
        const std::string nearest = near_miss(word, std::vector<std::string>(kKeys.begin(), kKeys.end()));
        refuse(fmt::format("has no key {}", one_line(word)),
               nearest.empty() ? "labels, milestones, paths or people" : fmt::format("did you mean {}?", nearest));
      }
      std::string list;
      if (!value.is_array()) refuse(word + " must be a list of texts");
      for (const toml::node& each : *value.as_array()) {
        const auto text = each.value<std::string>();
        if (!text || !each.is_string() || text->find('\n') != std::string::npos)
          refuse(word + " must be a list of texts");
        list += *text + "\n";
      }
      arguments[word] = list;
    }
    saved.emplace_back(name.str(), std::move(arguments));
  }
  return saved;
}

struct Wishes {
  std::string name, file;
};

// All that are saved, a sentence each.
Result list_of(const Context& context, const std::vector<std::pair<std::string, Arguments>>& saved) {
  Result result = context.result("initiatives", "Initiatives", "How do they move?");
  result.columns = {{"name", "Initiative"}, {"words", "How it stands"}};
  for (const auto& [name, arguments] : saved) {
    Context own = context;
    own.arguments = arguments;
    std::string words;
    try {
      words = find_analysis("initiative").run(own).front().claim;
    } catch (const Error& error) {
      words = error.what();
    }
    result.rows.push_back({name, words.starts_with(name + ": ") ? words.substr(name.size() + 2) : words});
  }
  result.sample_size = static_cast<std::int64_t>(saved.size());
  result.claim =
      fmt::format("{} saved.", plural(static_cast<long long>(saved.size()), "initiative is", "initiatives are"));
  result.definition = "The first sentence of each one's dossier: resident initiative NAME.";
  return result;
}

int run(const Invocation& invocation, const Wishes& wishes, const Arguments& given) {
  const auto database = invocation.open(Access::read);
  Context context = invocation.context(*database);
  const bool is_query = std::any_of(kKeys.begin(), kKeys.end(), [&](std::string_view key) {
    const auto found = given.find(std::string(key));
    return found != given.end() && !found->second.empty();
  });
  if (is_query) {
    if (!wishes.file.empty())
      throw Error(ErrorKind::usage, "--saved and a query exclude each other", "a saved one is asked for by its name");
    context.arguments = given;
    if (!wishes.name.empty()) context.arguments["name"] = wishes.name;
    invocation.print(find_analysis("initiative").run(context));
    return 0;
  }
  const std::string file = wishes.file.empty() ? kFile : wishes.file;
  if (!std::filesystem::exists(file))
    throw Error(ErrorKind::usage, fmt::format("there is nothing at {}", one_line(file)),
                "a table for each initiative, with labels, milestones, paths or people; or give these as options");
  const auto saved = read_saved(file);
  if (wishes.name.empty()) {
    invocation.print({list_of(context, saved)});
    return 0;
  }
  std::vector<std::string> names;
  for (const auto& [name, arguments] : saved) {
    names.push_back(name);
    if (name != wishes.name) continue;
    context.arguments = arguments;
    invocation.print(find_analysis("initiative").run(context));
    return 0;
  }
  const std::string nearest = near_miss(wishes.name, names);
  throw Error(ErrorKind::usage, fmt::format("{} has no initiative {}", one_line(file), one_line(wishes.name)),
              nearest.empty() ? "" : fmt::format("did you mean {}?", one_line(nearest)));
}

std::function<int()> declare_initiative(OptionSet& app, Invocation& invocation) {
  invocation.add_store_options(app);
  invocation.add_project_option(app);
  invocation.add_result_options(app);
  auto wishes = std::make_shared<Wishes>();
  app.add_option("initiative", wishes->name, "One of those saved; of a query, what it is called")->type_name("NAME");
  app.add_option("--saved", wishes->file, fmt::format("Where they are saved, in TOML; {} without it", kFile))
      ->type_name("FILE");
  auto arguments = std::make_shared<Arguments>();
  declare_parameters(app, find_analysis("initiative"), arguments);
  return [&invocation, wishes, arguments] { return run(invocation, *wishes, *arguments); };
}

}  // namespace

extern const Command initiative_command;
const Command initiative_command{
    "initiative",
    "Initiatives: what belongs together by label, milestone, path or people, how it moves, what it waits for",
    "Saved in initiatives.toml, a table each: [free-threading] with labels, milestones, paths, people as lists; "
    "without a "
    "name all are told in a sentence.\nExample: resident initiative free-threading; resident initiative --labels "
    "topic-parser --milestones 3.15",
    declare_initiative};

}  // namespace resident
