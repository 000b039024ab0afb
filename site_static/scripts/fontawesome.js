// Stands in for the theme's file of this name: 0.5 MB for each page, to draw a dozen icons. Without
// it the theme's style sheet shows the same icons from the theme's font, which the site has too.
