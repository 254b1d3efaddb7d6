/**
 * Weight files: safetensors, NumPy, PyTorch state dicts and Keras HDF5, all read into one {@link
 * org.denseflow.weights.WeightMap}. Nothing but tensors is ever constructed from a file.
 */
package org.denseflow.weights;
