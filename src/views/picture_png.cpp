#include <dlfcn.h>
#include <fmt/format.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <memory>
#include <views/picture_png.hpp>

namespace resident {

namespace {

// As librsvg/rsvg-handle.h 2.54 (2.46 and later), cairo.h 1.16, glib 2.0 and fontconfig 2.14 declare them; the sonames
// promise that they stay so.
struct RsvgHandle;
struct CairoSurface;
struct Cairo;
struct GlibError;
struct FontSet {
  int count, room;
  void* fonts;
};
struct Rectangle {
  double x, y, width, height;
};
using WritePng = int (*)(void* target, const unsigned char* bytes, unsigned length);

constexpr int kRgb24 = 1, kSuccess = 0, kSystemFonts = 0;
constexpr const char* kHint = "on Debian: apt install librsvg2-2 fonts-dejavu-core";

// The functions of the libraries, which stay loaded.
struct Libraries {
  RsvgHandle* (*read_svg)(const unsigned char* bytes, std::size_t length, GlibError** error);
  int (*render)(RsvgHandle* handle, Cairo* cairo, const Rectangle* place, GlibError** error);
  void (*unreference)(void* object);
  void (*free_error)(GlibError* error);
  CairoSurface* (*create_surface)(int format, int width, int height);
  int (*surface_status)(CairoSurface* surface);
  void (*destroy_surface)(CairoSurface* surface);
  int (*write_png)(CairoSurface* surface, WritePng write, void* target);
  Cairo* (*create_cairo)(CairoSurface* surface);
  void (*destroy_cairo)(Cairo* cairo);
  void* (*load_fonts)();
  FontSet* (*fonts_of)(void* configuration, int set);
  std::string trouble;

  Libraries() {
    void* rsvg = open("librsvg-2.so.2");
    take(rsvg, "rsvg_handle_new_from_data", read_svg);
    take(rsvg, "rsvg_handle_render_document", render);
    void* object = open("libgobject-2.0.so.0");
    take(object, "g_object_unref", unreference);
    void* glib = open("libglib-2.0.so.0");
    take(glib, "g_error_free", free_error);
    void* cairo = open("libcairo.so.2");
    take(cairo, "cairo_image_surface_create", create_surface);
    take(cairo, "cairo_surface_status", surface_status);
    take(cairo, "cairo_surface_destroy", destroy_surface);
    take(cairo, "cairo_surface_write_to_png_stream", write_png);
    take(cairo, "cairo_create", create_cairo);
    take(cairo, "cairo_destroy", destroy_cairo);
    void* fontconfig = open("libfontconfig.so.1");
    take(fontconfig, "FcInitLoadConfigAndFonts", load_fonts);
    take(fontconfig, "FcConfigGetFonts", fonts_of);
    if (!trouble.empty()) return;
    void* configuration = load_fonts();
    const FontSet* fonts = configuration ? fonts_of(configuration, kSystemFonts) : nullptr;
    if (!fonts || fonts->count == 0) trouble = fmt::format("this machine has no fonts ({})", kHint);
  }

 private:
  void* open(const char* name) {
    void* library = trouble.empty() ? dlopen(name, RTLD_NOW | RTLD_LOCAL) : nullptr;
    if (!library && trouble.empty()) trouble = fmt::format("{} is not here ({})", name, kHint);
    return library;
  }

  template <class Function>
  void take(void* library, const char* name, Function*& function) {
    function = library ? reinterpret_cast<Function*>(dlsym(library, name)) : nullptr;
    if (!function && trouble.empty()) trouble = fmt::format("a library without {} is here ({})", name, kHint);
  }
};

const Libraries& libraries() {
  static const Libraries loaded;
  return loaded;
}

int append(void* target, const unsigned char* bytes, unsigned length) {
  static_cast<std::string*>(target)->append(reinterpret_cast<const char*>(bytes), length);
  return kSuccess;
}

}  // namespace

const std::string& why_no_pictures() {
  return libraries().trouble;
}

std::string png_of_svg(const std::string& svg, int width, int height) {
  const Libraries& lib = libraries();
  if (!lib.trouble.empty()) throw Error("pictures cannot be drawn: " + lib.trouble);
  GlibError* error = nullptr;
  const auto fail = [&](const char* what) {
    if (error) lib.free_error(error);
    throw Error(fmt::format("a picture could not be drawn: librsvg {}", what));
  };
  const std::unique_ptr<RsvgHandle, void (*)(void*)> handle(
      lib.read_svg(reinterpret_cast<const unsigned char*>(svg.data()), svg.size(), &error), lib.unreference);
  if (!handle) fail("does not read its SVG");
  const std::unique_ptr<CairoSurface, void (*)(CairoSurface*)> surface(lib.create_surface(kRgb24, width, height),
                                                                       lib.destroy_surface);
  const std::unique_ptr<Cairo, void (*)(Cairo*)> cairo(lib.create_cairo(surface.get()), lib.destroy_cairo);
  const Rectangle place{0, 0, static_cast<double>(width), static_cast<double>(height)};
  if (!lib.render(handle.get(), cairo.get(), &place, &error)) fail("does not draw its SVG");
  std::string png;
  if (lib.surface_status(surface.get()) != kSuccess || lib.write_png(surface.get(), append, &png) != kSuccess)
    fail("drew what cairo does not write");
  return png;
}

}  // namespace resident
