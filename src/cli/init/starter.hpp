// The resident.toml that a project starts with: every key in it explained in a line, those that are only shown switched
// off by a "#". It is one that Config::parse() takes, switched on or off: a test turns every line on.
#pragma once

#include <config/config.hpp>
#include <string>
#include <vector>

namespace resident::init {

struct StarterSettings {
  std::string name, preset, preset_reason;
  std::string url;  // "": not known
  std::string me;   // "": not said
  std::vector<ModuleRule> modules;
  std::string modules_from;  // "CODEOWNERS", for the remark
  // A forge whose host does not say what it is: stands under [forge."HOST"].
  std::string forge_host, forge_kind;
};

std::string starter_text(const StarterSettings& settings);

// Each key of [project.NAME] that the text shows, on or off.
std::vector<std::string> starter_keys();

// What differs between two texts, as `diff -u` shows it, with two lines around: "" where nothing does.
std::string difference_of(const std::string& before, const std::string& after);

}  // namespace resident::init
