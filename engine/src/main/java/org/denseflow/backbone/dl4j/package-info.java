/**
 * DL4J's computation graphs as backbones: zip files as {@code ModelSerializer} saves them. The
 * files are taken for hostile: of what they name only DL4J's own layers of images are made, and no
 * length that they announce is believed.
 */
package org.denseflow.backbone.dl4j;
