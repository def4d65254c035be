# The help pages of the R package as bodies of HTML pages, with links among them.
# usage: Rscript tools/rd-pages.R FOLDER   writes FOLDER/NAME.html for each r/man/NAME.Rd, run in the folder of the project
folder <- commandArgs(trailingOnly = TRUE)
files <- list.files("r/man", "[.]Rd$", full.names = TRUE)
names(files) <- sub("[.]Rd$", "", basename(files))

aliases <- lapply(files, function(file) {
    parts <- tools::parse_Rd(file)
    unlist(parts[vapply(parts, attr, "", "Rd_tag") == "\\alias"])
})
links <- setNames(rep(paste0(names(files), ".html"), lengths(aliases)), unlist(aliases))

for (name in names(files))
    tools::Rd2HTML(files[[name]], file.path(folder, paste0(name, ".html")), Links = links, Links2 = character())
