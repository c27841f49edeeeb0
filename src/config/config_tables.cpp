#include <fmt/format.h>
#include <fmt/ranges.h>

#include <base/error.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <config/config_tables.hpp>
#include <filesystem>

namespace resident {

namespace {

// One setting of [forge."HOST"]; false: there is none of that name, or its value is of another type.
bool take_forge_key(ForgeConfig& forge, std::string_view key, const toml::node& node) {
  const auto text = [&](std::string& field) {
    const auto value = node.value_exact<std::string>();
    if (value) field = *value;
    return value.has_value();
  };
  if (key == "kind") return text(forge.kind);
  if (key == "api_url") return text(forge.api_url);
  if (key == "token_file") return text(forge.token_file);
  if (key == "ca_file") return text(forge.ca_file);
  if (key == "artifacts") return text(forge.artifacts) && Pattern::fault_of(forge.artifacts).empty();
  if (key == "allow_plain_http") {
    const auto value = node.value_exact<bool>();
    if (value) forge.allow_plain_http = *value;
    return value.has_value();
  }
  if (key == "timeout_seconds") {
    const auto value = node.value_exact<std::int64_t>();
    if (!value || *value < 1 || *value > 3600) return false;
    forge.timeout_seconds = static_cast<int>(*value);
    return true;
  }
  if (key == "token_command") {
    const auto* array = node.as_array();
    if (!array || array->empty()) return false;
    forge.token_command.clear();
    for (const auto& each : *array) {
      const auto word = each.value_exact<std::string>();
      if (!word) return false;
      forge.token_command.push_back(*word);
    }
    return true;
  }
  return false;
}

constexpr std::string_view kForgeKeys =
    "kind, api_url, token_file, ca_file (texts), artifacts (a regular expression), token_command (a list of texts), "
    "allow_plain_http (true or false), timeout_seconds (1 to 3600)";

}  // namespace

ForgeConfig read_forge(const toml::node& node, const std::string& origin, std::string_view host) {
  const std::string place = fmt::format("{}: forge.\"{}\"", origin, one_line(host));
  const auto* table = node.as_table();
  if (!table) throw Error(ErrorKind::usage, place + " is not a table");
  ForgeConfig forge;
  for (const auto& [key, value] : *table) {
    if (key.str() == "token")
      throw Error(ErrorKind::usage, place + ": a token does not belong in a configuration",
                  "put it in a file of its own (token_file), or name a command that prints it (token_command)");
    if (!take_forge_key(forge, key.str(), value))
      throw Error(ErrorKind::usage, fmt::format("{}: {} cannot be that", place, one_line(key.str())),
                  fmt::format("the settings are {}", kForgeKeys));
  }
  return forge;
}

namespace {

// A path as it is meant: one that is not absolute starts where the configuration lies.
std::string beside(const std::string& file, const std::string& path) {
  return (std::filesystem::path(file).parent_path() / path).lexically_normal().string();
}

bool take_embedding_key(EmbeddingRules& rules, std::string_view key, const toml::node& node) {
  const auto text = [&](std::string& field) {
    const auto value = node.value_exact<std::string>();
    if (!value || value->empty() || value->find('\0') != std::string::npos) return false;
    field = *value;
    return true;
  };
  const auto number = [&](int& field, std::int64_t least, std::int64_t most) {
    const auto value = node.value_exact<std::int64_t>();
    if (!value || *value < least || *value > most) return false;
    field = static_cast<int>(*value);
    return true;
  };
  if (key == "model") return text(rules.model);
  if (key == "vocabulary") return text(rules.vocabulary);
  if (key == "runtime") return text(rules.runtime);
  if (key == "most_tokens") return number(rules.most_tokens, 8, 8192);
  if (key == "threads") return number(rules.threads, 0, 256);
  return false;
}

}  // namespace

EmbeddingRules read_embedding(const toml::table& table, const std::string& origin) {
  EmbeddingRules rules;
  for (const auto& [key, value] : table)
    if (!take_embedding_key(rules, key.str(), value))
      throw Error(ErrorKind::usage, fmt::format("{}: embedding: {} cannot be that", origin, one_line(key.str())),
                  "the settings are model, vocabulary, runtime (texts), most_tokens (8 to 8192), threads (0 to 256)");
  if (rules.model.empty())
    throw Error(ErrorKind::usage, fmt::format("{}: embedding: no model is named", origin),
                "model = \"/path/model.onnx\", or take [embedding] out: it is not needed");
  rules.model = beside(origin, rules.model);
  rules.vocabulary = rules.vocabulary.empty() ? beside(rules.model, "vocab.txt") : beside(origin, rules.vocabulary);
  // Without a folder it is a name, which the system's loader looks up.
  if (rules.runtime.find('/') != std::string::npos) rules.runtime = beside(origin, rules.runtime);
  return rules;
}

std::vector<std::string> embedding_keys() {
  return {"model", "vocabulary", "runtime", "most_tokens", "threads"};
}

}  // namespace resident
